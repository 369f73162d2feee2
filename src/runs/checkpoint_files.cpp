#include "runs/checkpoint_files.h"

#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "formats/checkpoint_names.h"
#include "runs/file_names.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

Checkpoint read(const fs::path& path) { return run_checkpoint(read_checkpoint(path), path.string()); }

Error no_checkpoint(const fs::path& folder) {
  std::error_code ignored;
  return input_error({.file = folder.string(),
                      .problem = "no checkpoint in this folder",
                      .expected = "a checkpoint, or the folder of a run that has one",
                      .hint = fs::exists(folder / record_file, ignored)
                                  ? "the run was ended before its first checkpoint: start it anew, with " +
                                        setting("force") + " in this folder"
                                  : "`nib runs` lists the runs and how they go on"});
}

}  // namespace

FoundCheckpoint find_checkpoint(const fs::path& named, Notes& notes) {
  std::error_code ignored;
  if (!fs::is_directory(named, ignored)) return {named, read(named)};
  std::optional<FoundCheckpoint> best;
  std::vector<std::string> damaged;
  std::optional<Error> first_error;
  for (const std::string& name : checkpoint_files(named)) {
    const std::optional<std::uint64_t> step = step_in_name(name);
    if (best && step && *step <= best->checkpoint.state.step) continue;
    try {
      FoundCheckpoint found{named / name, read(named / name)};
      if (!best || found.checkpoint.state.step > best->checkpoint.state.step) best = std::move(found);
    } catch (const Error& error) {
      if (!first_error) first_error = error;
      damaged.push_back(error.what());
    }
  }
  if (!best && first_error) throw *first_error;
  if (!best) throw no_checkpoint(named);
  for (const std::string& line : damaged)
    notes.warn(line + "; in its place is taken " + printable(best->file.filename().string()));
  return std::move(*best);
}

}  // namespace nib
