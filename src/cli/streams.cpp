#include "cli/streams.h"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/flags.h"

namespace nib {

namespace {

using nlohmann::ordered_json;

std::string one_line(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Objects and nested arrays have a line for each element; an array of plain values is one line, as a row of a matrix
/// is.
void write_json(const ordered_json& value, std::size_t indent, std::string& text) {
  const bool plain = std::ranges::none_of(value, [](const ordered_json& element) { return element.is_structured(); });
  if (!value.is_structured() || value.empty()) {
    text += one_line(value);
    return;
  }
  const bool rows = value.is_object() || !plain;
  const std::string separator = rows ? ",\n" + std::string(indent + 2, ' ') : ", ";
  text += value.is_object() ? '{' : '[';
  if (rows) text += separator.substr(1);
  for (auto element = value.begin(); element != value.end(); ++element) {
    if (element != value.begin()) text += separator;
    if (value.is_object()) text += one_line(element.key()) + ": ";
    write_json(*element, indent + 2, text);
  }
  if (rows) text += '\n' + std::string(indent, ' ');
  text += value.is_object() ? '}' : ']';
}

}  // namespace

std::string json_text(const ordered_json& document) {
  std::string text;
  write_json(document, 0, text);
  return text + '\n';
}

Streams::Streams(bool json, bool quiet)
    : json_(json),
      quiet_(quiet),
      standard_output_(STDOUT_FILENO),
      standard_error_(STDERR_FILENO),
      terminal_(describe_terminal(json ? STDERR_FILENO : STDOUT_FILENO)) {}

void Streams::say(std::string_view text) {
  if (!quiet_) write_text(text);
}

void Streams::result(std::string_view text) { write_text(text); }

void Streams::document(const nlohmann::ordered_json& document) {
  if (!json_) return;
  standard_output_.write(json_text(document));
  standard_output_.flush();
}

void Streams::warn(std::string_view line) { notice("warning: " + std::string(line)); }

void Streams::notice(std::string_view line) {
  standard_error_.write("nib: " + with_flags(line) + '\n');
  standard_error_.flush();
}

void Streams::finish() {
  standard_output_.flush();
  if (lost() != 0) throw io_error({.file = "standard output", .problem = system_message(lost())});
}

void Streams::write_text(std::string_view text) {
  Output& output = json_ ? standard_error_ : standard_output_;
  output.write(with_flags(text));
  output.flush();
}

}  // namespace nib
