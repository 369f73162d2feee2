#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/catalogue.h"
#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "logs/logs_record.h"
#include "nib/dataset.h"
#include "nib/training.h"
#include "statistics/test_result.h"
#include "training/step_curve.h"

namespace nib {

enum class RunStatus { running, finished, interrupted, failed };
/// The word that stands for it in run.json.
const char* word(RunStatus status);
RunStatus run_status(const JsonReader& status);

struct FileRecord {
  std::string path, raw_sha256;
  std::optional<bool> gzipped{};
  std::optional<std::uint64_t> raw_bytes{};  ///< of its content, unpacked
};

struct DataRecord {
  std::string name, title, folder;
  std::optional<std::uint64_t> limit{};  ///< of the images of each part; absent where all were used
  std::vector<FileRecord> files{};
  std::vector<std::pair<std::string, std::uint64_t>> images{};  ///< of each part, "training" and so on
  std::vector<std::string> class_names{};
  std::vector<std::pair<std::string, std::vector<std::uint64_t>>> class_counts{};  ///< of each part
};

/// Wall-clock seconds of each phase of a run, where it was measured.
struct PhaseSeconds {
  std::optional<double> data{}, until_first_step{}, training{}, test{}, pictures{}, total{};
};

/// Where a run stopped and went on later.
struct RunStop {
  std::uint64_t step = 0;  ///< over the run, finished
  std::string reason{};    ///< why it had stopped, as far as it could tell
  std::string resumed{};   ///< UTC
};

/// The weights of the best epoch, in best.safetensors.
struct BestWeights {
  std::uint32_t epoch = 0;
  std::string weights_sha256{};
};

/// What the weights were at the end of an epoch, in hashes; empty of an epoch that an older version trained.
struct EpochWeights {
  std::string sha256{};  ///< see weights_sha256()
  /// The first 8 digits of running_sha256() for each tensor, with blanks between them: they name the first tensor in
  /// which other weights differ. Empty where a run would have too many of them.
  std::string tensors{};
  friend bool operator==(const EpochWeights&, const EpochWeights&) = default;
};

/// What a run tells of itself: run.json. The same struct is written while a run goes on and read back from it;
/// docs/formats.md has the keys. What an older version did not write is empty.
struct RunRecord {
  RunStatus status = RunStatus::running;
  std::string reason{};  ///< of a run that did not finish
  /// Of the run, whose loss or gradients were not finite: to go on before it would meet it again.
  std::optional<std::uint64_t> nonfinite_step{};
  std::vector<RunStop> stops{};
  std::string started{}, finished{};  ///< UTC, see utc_time_now()
  std::string folder{};
  Json program{}, machine{};  ///< see program_json() and machine_json(); whoever shows them takes them as they are
  std::string engine{};       ///< Engine::description()
  std::optional<std::uint32_t> ranks{};  ///< processes that trained it together; none: one alone
  std::optional<bool> repeatable{};      ///< Engine::repeatable(); older records do not tell
  Json configuration{};                  ///< every setting by its name; "network" as in network_json()
  std::string command{};                 ///< that makes the same weights again
  DataRecord data{};
  PhaseSeconds seconds{};
  std::optional<TestResult> test{};  ///< none without a test part; what it does not tell is 0 images or NaN
  std::string weights_sha256{};
  std::optional<std::uint32_t> weights_epoch{};  ///< at whose end the run had them; older records do not tell
  std::optional<BestWeights> best{};
  std::vector<EpochWeights> epoch_weights{};  ///< of each finished epoch; older records have none
  History history{};                          ///< training_seconds are not recorded and stay 0
  std::optional<StepCurve> step_curve{};  ///< older records have none, nor runs that went on from an older checkpoint
  std::optional<std::uint64_t> peak_memory_bytes{};
  std::vector<std::string> files{};
  std::optional<LogsRecord> logs{};                  ///< paths below the run's folder are told from there
  std::map<std::string, std::string> file_sha256{};  ///< of the files whose figures stand here, too, by their names
};

/// The parts of a record, also in the documents of other commands.
Json to_json(const DataRecord& data);
Json to_json(const TestResult& test);
Json to_json(const std::vector<RunStop>& stops);
Json to_json(const RunRecord& record);

/// Reads a record that may come from anyone, of this version or an older one: keys may be missing (but for `status`)
/// or unknown. Throws Error (bad input) naming the key of a value that has the wrong type or does not fit the others.
RunRecord run_record(const JsonReader& document);

/// The run.json in a folder, of a run in whatever state. Throws Error: io, or bad input as above.
RunRecord read_record(const std::filesystem::path& folder);

/// Whether the data have labelled test images: a run on others has no test result.
bool has_test_part(const DataRecord& data);

/// Of the files alone, and with the images of each part.
DataRecord data_record(const DataCollection& source);
DataRecord data_record(const DataCollection& source, const Split& split, const Dataset& test);

/// As its run counted them; 0 where it does not tell.
std::uint64_t training_images(const RunRecord& record);

}  // namespace nib
