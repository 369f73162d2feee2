#include "base/error.h"

#include <algorithm>
#include <cctype>
#include <new>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace nib {
namespace {

// A name between these is a marked setting.
constexpr char mark_begin = '\1', mark_end = '\2';

bool is_setting(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char letter) { return letter == ' ' || (letter >= 'a' && letter <= 'z'); });
}

/// A text that may hold users' words made printable(), whatever they bring along; marked settings stay.
std::string printable_but_marks(std::string_view text) {
  std::string result;
  for (std::size_t begin = text.find(mark_begin); begin != std::string_view::npos; begin = text.find(mark_begin)) {
    const std::size_t end = text.find(mark_end, begin);
    const bool marked = end != std::string_view::npos && is_setting(text.substr(begin + 1, end - begin - 1));
    const std::size_t next = marked ? end + 1 : begin + 1;
    result += printable(text.substr(0, marked ? begin : next));
    if (marked) result += text.substr(begin, next - begin);
    text.remove_prefix(next);
  }
  return result + printable(text);
}

std::string as_it_is(std::string_view text) { return std::string(text); }

/// The line with settings in the texts still marked. The one place where all parts are made safe to print.
std::string marked_line(const Problem& problem) {
  std::string line;
  if (!problem.setting.empty()) {
    line += setting(problem.setting);
    if (!problem.value.empty()) line += ' ' + printable(problem.value);
    line += ": ";
  }
  for (const std::string* part : {&problem.file, &problem.field})
    if (!part->empty()) line += printable(*part) + ": ";
  line += printable_but_marks(problem.problem);
  if (!problem.expected.empty() || !problem.got.empty()) {
    line += " (";
    if (!problem.expected.empty()) line += "expected " + printable_but_marks(problem.expected);
    if (!problem.expected.empty() && !problem.got.empty()) line += ", ";
    if (!problem.got.empty()) line += "got " + printable_but_marks(problem.got);
    line += ")";
  }
  return line;
}

}  // namespace

Error::Error(ExitCode code, Problem problem)
    : std::runtime_error(problem_line(problem, as_it_is)), code_(code), problem_(std::move(problem)) {}

std::string Error::hint() const { return name_settings(problem_.hint, as_it_is); }

std::string name_settings(std::string_view text, SettingNames names) {
  std::string result;
  for (std::size_t end = text.find(mark_end); end != std::string_view::npos; end = text.find(mark_end)) {
    const std::size_t begin = text.rfind(mark_begin, end);
    if (begin == std::string_view::npos)
      result.append(text.substr(0, end + 1));
    else
      result.append(text.substr(0, begin)).append(names(text.substr(begin + 1, end - begin - 1)));
    text.remove_prefix(end + 1);
  }
  return result.append(text);
}

std::string problem_line(const Problem& problem, SettingNames names) {
  return name_settings(marked_line(problem), names);
}

std::string setting(std::string_view name) { return mark_begin + std::string(name) + mark_end; }

std::string without_file(const Error& error) {
  Problem problem = error.problem();
  if (problem.setting.empty()) problem.file.clear();
  problem.setting.clear();
  return marked_line(problem);
}

Error usage_error(Problem problem) { return {ExitCode::usage, std::move(problem)}; }
Error input_error(Problem problem) { return {ExitCode::bad_input, std::move(problem)}; }
Error io_error(Problem problem) { return {ExitCode::io, std::move(problem)}; }
Error device_error(Problem problem) { return {ExitCode::device, std::move(problem)}; }
Error numeric_error(Problem problem) { return {ExitCode::numeric, std::move(problem)}; }

Error memory_error(const std::string& what, std::uint64_t needed, std::uint64_t free, std::string hint) {
  const auto mebibytes = [](std::uint64_t bytes) { return with_commas(bytes >> 20) + " MiB free"; };
  return device_error({.problem = "not enough memory for " + what,
                       .expected = mebibytes(needed + (1 << 20) - 1),
                       .got = mebibytes(free),
                       .hint = std::move(hint)});
}

Error error_of(const std::exception& thrown) {
  if (const auto* const error = dynamic_cast<const Error*>(&thrown)) return *error;
  if (dynamic_cast<const std::bad_alloc*>(&thrown) != nullptr) return io_error({.problem = "out of memory"});
  if (dynamic_cast<const std::system_error*>(&thrown) != nullptr) return io_error({.problem = thrown.what()});
  return {ExitCode::bug, {.problem = std::string("internal error: ") + thrown.what(), .hint = "please report this"}};
}

std::string system_message(int error_number) {
  std::string message = std::generic_category().message(error_number);
  if (!message.empty()) message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  return message;
}

}  // namespace nib
