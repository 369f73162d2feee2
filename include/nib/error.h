#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace nib {

/// What kind of thing went wrong. The program ends with these codes, and with 128 + n after signal n.
enum class ExitCode : int {
  ok = 0,
  bug = 1,
  usage = 2,
  bad_input = 3,
  io = 4,
  device = 5,
  numeric = 6,
  check_failed = 7
};

/// What is wrong, in parts. All but `hint` make one line, empty parts left out:
/// "SETTING VALUE: FILE: FIELD: PROBLEM (expected X, got Y)". From `problem` on the texts may hold marked settings, see
/// name_settings(); all may hold users' words as they are, which the line makes safe to print.
struct Problem {
  std::string setting{};  ///< what the caller chose wrongly, by its name in words: "batch", "validation split"
  std::string value{};    ///< of that setting, where it tells more: "cuda:7"
  std::string file{};     ///< path, or what stands for a file: "standard input", "CUDA"
  std::string field{};    ///< header field, tensor, JSON path, byte offset
  std::string problem{};  ///< what is wrong, lower case, no full stop
  std::string expected{};
  std::string got{};
  std::string hint{};  ///< what to do about it
};

/// Everything that can go wrong in a way that a user can act on. Anything else that nib throws is a mistake in it, or a
/// lack of memory.
class Error : public std::runtime_error {
 public:
  /// what() is the line of the problem, with settings by their own names: "batch: larger than the training part
  /// (expected 1 to 100, got 128)". All of it is safe to print.
  Error(ExitCode code, Problem problem);

  ExitCode code() const { return code_; }
  /// The parts, for code that adds to them or tells them in its own way.
  const Problem& problem() const { return problem_; }
  /// What to do about it, with settings by their own names. May be empty, and may hold a path as it is.
  std::string hint() const;

 private:
  ExitCode code_;
  Problem problem_;
};

/// How a program calls a setting: "learning rate" may be its option "--learning-rate".
using SettingNames = std::string (*)(std::string_view setting);

/// A text in which each marked setting is called what `names` makes of it. Texts mark settings, with control characters
/// around their names, because only the program knows what they are called there.
std::string name_settings(std::string_view text, SettingNames names);

/// The line of a problem with its settings called so.
std::string problem_line(const Problem& problem, SettingNames names);

}  // namespace nib
