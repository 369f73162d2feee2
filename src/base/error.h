#pragma once

#include <stdexcept>
#include <string>

namespace nib {

/// The program's exit codes; 128 + n stands for signal n.
enum class ExitCode : int { ok = 0, bug = 1, usage = 2, bad_input = 3, io = 4, device = 5, numeric = 6 };

/// The parts of the one line a user sees: `nib: error: FILE: FIELD: PROBLEM (expected X, got Y)`, and a
/// second line `hint: HINT`. Empty parts are left out.
struct Problem {
  std::string file{};     ///< path, or the flag for usage errors
  std::string field{};    ///< header field, tensor, JSON path, byte offset
  std::string problem{};  ///< what is wrong, lower case, no full stop
  std::string expected{};
  std::string got{};
  std::string hint{};  ///< what to do about it
};

/// Everything that can go wrong in a way a user can act on. what() is the whole line without `nib: error: `.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, Problem problem);
  ExitCode code() const { return code_; }
  const Problem& problem() const { return problem_; }

 private:
  ExitCode code_;
  Problem problem_;
};

/// The line of an error for a text that says anyway what it is about: without its file.
std::string without_file(const Error& error);

/// Shorthands for the common codes.
Error usage_error(Problem problem);
Error input_error(Problem problem);
Error io_error(Problem problem);
Error device_error(Problem problem);
Error numeric_error(Problem problem);

/// "No such file or directory" and the like for an errno value, lower case first letter.
std::string system_message(int error_number);

}  // namespace nib
