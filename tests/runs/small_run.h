#pragma once

#include <filesystem>
#include <string>

namespace nib::test {

/// A run of a tiny network that nobody trained, with all that its folder gets, as the training command makes it: an
/// error on the way is kept, and the exit code is that of the command. "An error that is none of ours" is 1.
struct SmallRunEnding {
  int code = 0;
  std::string error{};     ///< its line
  std::string warnings{};  ///< lines
  std::string weights_sha256{};
};
SmallRunEnding small_run(const std::filesystem::path& folder, float first_weight);

/// What is wrong with a folder of a run, whatever ended it: files that are not whole, a record that promises what is
/// not there. Empty when nothing is. `finished` is set when the run is finished and whole.
std::string what_is_wrong(const std::filesystem::path& folder, bool* finished = nullptr);

/// What else lies there that no ended program leaves: temporary files and locks, in words.
std::string remains_in(const std::filesystem::path& folder);

}  // namespace nib::test
