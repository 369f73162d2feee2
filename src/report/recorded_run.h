#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nib {

/// Names with what stands beside them, in the document's order.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

struct RecordedFile {
  std::string path, sha256;
  std::optional<std::uint64_t> bytes{};  ///< of its content, unpacked
};

struct RecordedData {
  std::string name, title, folder;
  std::vector<RecordedFile> files{};
  std::vector<std::pair<std::string, std::uint64_t>> images{};  ///< of each part, "training" and so on
  std::vector<std::string> class_names{};
  std::vector<std::pair<std::string, std::vector<std::uint64_t>>> class_counts{};  ///< of each part
};

/// Columns of equal length, one row an epoch; a figure that is not a number is missing.
struct RecordedHistory {
  using Column = std::vector<std::optional<double>>;
  std::vector<std::pair<std::string, Column>> columns{};
  std::size_t epochs() const { return columns.empty() ? 0 : columns.front().second.size(); }
  const Column* find(const std::string& name) const;
  /// The row with the lowest val_loss, without validation with the lowest loss; the first of several.
  std::optional<std::size_t> best_row() const;
};

struct RecordedTest {
  std::optional<std::uint64_t> images{}, correct{};
  std::optional<double> loss{}, accuracy{};
  std::vector<std::uint64_t> confusion{};  ///< (true class, predicted class), or empty
};

/// Of each phase of a run, where it was measured.
struct RecordedSeconds {
  std::optional<double> data{}, until_first_step{}, training{}, test{}, pictures{}, total{};
};

/// run.json with every value checked; what the document does not have is empty.
struct RecordedRun {
  std::string status, reason, started, folder, engine, command, weights_sha256;
  std::string version, compiler, network;  ///< network: JSON in one line
  NamedTexts libraries{}, machine{}, configuration{};
  std::optional<std::uint64_t> peak_memory_bytes{};
  RecordedData data{};
  RecordedHistory history{};
  std::optional<RecordedTest> test{};
  RecordedSeconds seconds{};
};

/// Throws Error (bad input) naming `document` and the key of a value that has the wrong type or does not fit the
/// others.
RecordedRun read_recorded_run(const nlohmann::ordered_json& record, const std::string& document);

}  // namespace nib
