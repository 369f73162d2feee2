#include "commands/run_data.h"

#include <fmt/core.h>

#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "data/known_sets.h"
#include "encodings/json.h"
#include "runs/file_names.h"
#include "runs/recorded_data.h"
#include "runs/run_record.h"

namespace nib {

DataChoice data_for_weights(const std::string& weights, bool best, DataChoice choice, const WeightsFile& model,
                            Notes& notes) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path folder = best ? fs::path(weights).parent_path() : fs::path(weights);
  if (choice.data.empty() && model.data == unknown_set_name && fs::is_regular_file(folder / record_file, ignored)) {
    const RunRecord record = read_record(folder);
    choice.data =
        place_of_recorded(record.data.folder, record, folder, (folder / record_file).string() + ": data.folder");
    choice.prepare = choice.prepare || was_prepared(record, choice.data);
    if (!choice.data.empty())
      notes.warn(fmt::format("{} chooses the data, {}{} ({} names others)", printable((folder / record_file).string()),
                             printable(choice.data), choice.prepare ? ", prepared" : "", setting("data")));
  }
  choice.data = data_for_model(choice.data, model, notes);
  return choice;
}

}  // namespace nib
