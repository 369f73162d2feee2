#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/notes.h"
#include "commands/train/train_options.h"
#include "runs/checkpoint_files.h"
#include "runs/run_record.h"

namespace nib {

/// Every setting of a run by its name: the "configuration" of run.json.
Json configuration_json(const TrainOptions& options, const Network& network);
/// The settings of a run without options; its number of threads is the machine's.
Json default_configuration();

/// A run whose settings another one takes over.
struct SettingsSource {
  const RunRecord& record;
  const Network& network;
  std::filesystem::path folder;  ///< of the run
  std::string document;          ///< that holds the record, for errors
};

/// Puts the settings of a run into the options, but for those that were given (`given`, names of options) and may
/// differ. What a run is trained with goes through here, whoever trains it again or on. Throws Error: usage naming the
/// setting for one that was given and differs, bad input or io naming the document and its key.
void take_settings(TrainOptions& options, const SettingsSource& source, const std::vector<std::string>& given);

/// Finds the checkpoint that the options name; nothing where they name none, or a .keras, see start_from_keras(). Puts
/// the settings of its run into the options, but for those that were given on the command line (`given`, names of
/// options) and may differ: epochs, device, threads, streaming, output, logs (see take_logs()), and a data folder,
/// whose files are compared later. Throws Error: usage naming the setting for one that was given and differs, or where
/// nothing is left to train.
std::optional<FoundCheckpoint> open_resumption(TrainOptions& options, const std::vector<std::string>& given,
                                               Notes& notes);

/// Whether the checkpoint lies in this folder and the record there is that of its run, which then may go on there.
bool goes_on_in(const FoundCheckpoint& found, const std::string& folder);

/// Before anything is touched: that the checkpoint's parts fit each other, the run's images, and the steps that had
/// been trained before the run. Throws Error (bad input).
void check_position(const FoundCheckpoint& found, std::size_t images, std::uint32_t batch, std::uint64_t before);

/// The data of the run that goes on has to be the same, file by file. Throws Error (bad input).
void check_same_data(const RunRecord& before, const RunRecord& now);

/// One warning where other hardware or libraries than before will compute: the bits may be others, too.
void warn_of_other_machine(const RunRecord& before, const RunRecord& now, Notes& notes);

/// The stops of a run that goes on, from the record beside its checkpoint where that is the run's: it also knows of
/// those that no checkpoint came behind. The last one is the one behind which it goes on now.
std::vector<RunStop> stops_before(const FoundCheckpoint& found);

}  // namespace nib
