#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "terminal/classification.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

constexpr std::size_t longest_row_name = 20;

/// How wide the columns are and how far apart.
struct Columns {
  std::size_t row_name, width, gap;
};

Columns fit_columns(std::span<const std::uint64_t> confusion, const std::vector<std::string>& names,
                    unsigned terminal_columns) {
  std::size_t name = 0;
  for (const std::string& each : names) name = std::max(name, text_width(each));
  const std::uint64_t largest = confusion.empty() ? 0 : *std::max_element(confusion.begin(), confusion.end());
  const std::size_t number = fmt::formatted_size("{}", largest);
  const std::size_t row_name = std::max(std::string_view("true").size(), std::min(name, longest_row_name));
  const std::size_t space =
      (std::max<std::size_t>(terminal_columns, row_name) - row_name) / std::max<std::size_t>(1, names.size());
  const std::size_t wanted = std::max(number, name);
  if (space >= wanted + 2) return {row_name, wanted, 2};
  return {row_name, std::max(number, space > 1 ? std::min(wanted, space - 1) : 0), 1};
}

/// How many columns stand beside each other: all of them, but where a terminal would break the rows.
std::size_t columns_across(const Columns& columns, std::size_t classes, const Terminal& terminal) {
  if (!terminal.breaks_lines || terminal.columns < columns.row_name) return std::max<std::size_t>(1, classes);
  const std::size_t fitting = (terminal.columns - columns.row_name) / (columns.gap + columns.width);
  return std::clamp<std::size_t>(fitting, 1, std::max<std::size_t>(1, classes));
}

}  // namespace

std::string confusion_table(std::span<const std::uint64_t> confusion, const std::vector<std::string>& class_names,
                            const Terminal& terminal) {
  std::vector<std::string> names;
  for (const std::string& name : class_names) names.push_back(printable(name));
  const Columns columns = fit_columns(confusion, names, terminal.columns);
  const std::string gap(columns.gap, ' ');

  const auto block = [&](std::size_t begin, std::size_t end) {
    std::string text = std::string(columns.row_name, ' ') + gap + "predicted\n" + align_left("true", columns.row_name);
    for (std::size_t column = begin; column < end; ++column)
      text += gap + align_right(cut(names[column], columns.width, terminal.utf8), columns.width);
    text += "\n";
    for (std::size_t row = 0; row < names.size(); ++row) {
      text += align_right(cut(names[row], columns.row_name, terminal.utf8), columns.row_name);
      for (std::size_t column = begin; column < end; ++column) {
        const std::uint64_t count = confusion[row * names.size() + column];
        const std::string number = fmt::format("{:>{}}", count, columns.width);
        text += gap + (row == column ? styled(number, bold, terminal) : count ? number : styled(number, dim, terminal));
      }
      text += "\n";
    }
    return text;
  };
  const std::size_t across = columns_across(columns, names.size(), terminal);
  std::string text;
  for (std::size_t begin = 0; begin < names.size(); begin += across)
    text += (begin > 0 ? "\n" : "") + block(begin, std::min(begin + across, names.size()));
  return text;
}

}  // namespace nib
