#include "base/error.h"

#include <cctype>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace nib {
namespace {

std::string one_line(const Problem& problem) {
  std::string line;
  for (const std::string* part : {&problem.file, &problem.field})
    if (!part->empty()) line += printable(*part) + ": ";
  line += problem.problem;
  if (!problem.expected.empty() || !problem.got.empty()) {
    line += " (";
    if (!problem.expected.empty()) line += "expected " + problem.expected;
    if (!problem.expected.empty() && !problem.got.empty()) line += ", ";
    if (!problem.got.empty()) line += "got " + problem.got;
    line += ")";
  }
  return line;
}

}  // namespace

Error::Error(ExitCode code, Problem problem)
    : std::runtime_error(one_line(problem)), code_(code), problem_(std::move(problem)) {}

std::string without_file(const Error& error) {
  Problem problem = error.problem();
  problem.file.clear();
  return one_line(problem);
}

Error usage_error(Problem problem) { return {ExitCode::usage, std::move(problem)}; }
Error input_error(Problem problem) { return {ExitCode::bad_input, std::move(problem)}; }
Error io_error(Problem problem) { return {ExitCode::io, std::move(problem)}; }
Error device_error(Problem problem) { return {ExitCode::device, std::move(problem)}; }
Error numeric_error(Problem problem) { return {ExitCode::numeric, std::move(problem)}; }

std::string system_message(int error_number) {
  std::string message = std::generic_category().message(error_number);
  if (!message.empty()) message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  return message;
}

}  // namespace nib
