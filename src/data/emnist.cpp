#include "data/emnist.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "data/class_names.h"
#include "data/folder_entries.h"

namespace nib {

bool is_emnist(const std::string& name) { return lower_case(name).starts_with("emnist"); }

void turn_upright(std::vector<std::uint8_t>& pixels, std::size_t side) {
  for (std::size_t first = 0; first < pixels.size(); first += side * side)
    for (std::size_t row = 0; row < side; ++row)
      for (std::size_t column = 0; column < row; ++column)
        std::swap(pixels[first + row * side + column], pixels[first + column * side + row]);
}

std::vector<std::string> mapped_names(const std::filesystem::path& folder, const std::string& name) {
  std::error_code ignored;
  const std::filesystem::path path = folder / (name + "-mapping.txt");
  if (!std::filesystem::exists(path, ignored)) return {};
  constexpr std::uint64_t largest_mapping = 1 << 16;
  const std::vector<std::uint8_t> bytes = read_file(path, largest_mapping);
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::string names;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::string_view whole = line;
    for (std::size_t word = 0; !line.empty(); ++word) {
      const std::size_t space = std::min(line.find(' '), line.size());
      const std::optional<std::uint64_t> value = parse_unsigned(line.substr(0, space));
      if (!value || (word > 0 && (*value <= ' ' || *value > '~')))
        throw input_error({.file = path.string(),
                           .field = fmt::format("line {}", number),
                           .problem = "no mapping of a class",
                           .expected = "a label and the codes of its characters, as \"1 65 97\"",
                           .got = printable(whole, 60)});
      if (word > 0) names += static_cast<char>(*value);
      line.remove_prefix(std::min(space + 1, line.size()));
    }
    names += '\n';
  }
  return parse_class_names(names, path.string());
}

}  // namespace nib
