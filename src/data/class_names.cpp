#include "data/class_names.h"

#include <fmt/core.h>

#include <algorithm>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace nib {
namespace {

constexpr std::size_t fewest_names = 2, most_names = 256, longest_name = 64;
constexpr std::uint64_t largest_file = most_names * (longest_name + 2) + 64;  // lines' ends, a mark, empty last lines

std::string line_field(std::size_t index) { return fmt::format("line {}", index + 1); }

void check_name(const std::string& name, const std::vector<std::string>& before, const std::string& file) {
  const std::string field = line_field(before.size());
  if (name.empty()) throw input_error({.file = file, .field = field, .problem = "class name is empty"});
  if (name.size() > longest_name)
    throw input_error({.file = file,
                       .field = field,
                       .problem = "class name is too long",
                       .expected = fmt::format("at most {} bytes", longest_name),
                       .got = fmt::format("{} bytes", name.size())});
  // printable() changes nothing in a text that is valid UTF-8 and safe to show.
  const std::string shown = printable(name);
  if (shown != name)
    throw input_error({.file = file,
                       .field = field,
                       .problem = "class name is not plain UTF-8 text",
                       .expected = "UTF-8 without control characters",
                       .got = shown});
  const auto twin = std::ranges::find(before, name);
  if (twin != before.end())
    throw input_error({.file = file,
                       .field = field,
                       .problem = fmt::format("class name {} stands in {} already", name,
                                              line_field(static_cast<std::size_t>(twin - before.begin())))});
}

}  // namespace

std::vector<std::string> parse_class_names(std::string_view text, const std::string& file) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  text = text.substr(0, text.find_last_not_of("\r\n") + 1);  // an empty last line names no class
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string name(text.substr(0, end));
    if (name.ends_with('\r')) name.pop_back();
    check_name(name, names, file);
    names.push_back(std::move(name));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (names.size() < fewest_names || names.size() > most_names)
    throw input_error({.file = file,
                       .problem = "wrong number of class names",
                       .expected = fmt::format("{} to {}, one a line", fewest_names, most_names),
                       .got = std::to_string(names.size())});
  return names;
}

std::optional<std::vector<std::string>> read_class_names(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "labels.txt";
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::symlink_status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  const std::vector<std::uint8_t> bytes = read_file(path, largest_file);
  return parse_class_names({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string());
}

std::vector<std::string> numbered_class_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t index = 0; index < count; ++index) names.push_back(std::to_string(index));
  return names;
}

}  // namespace nib
