#include "terminal/side_by_side.h"

#include <algorithm>

#include "base/text.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

constexpr std::size_t widest_column = 40, gap = 2;

/// The name and the cells below it, all made safe and short enough.
std::vector<std::string> column_of(const std::string& name, const std::vector<SideBySideRow>& rows, std::size_t index,
                                   const Terminal& terminal) {
  std::vector<std::string> column = {cut(printable(name), widest_column, terminal.utf8)};
  for (const SideBySideRow& row : rows)
    column.push_back(cut(printable(row.cells[index]), widest_column, terminal.utf8));
  return column;
}

std::size_t width_of(const std::vector<std::string>& column) {
  std::size_t width = 0;
  for (const std::string& cell : column) width = std::max(width, text_width(cell));
  return width;
}

/// The columns from `begin` on that fit into the terminal, at least one.
std::size_t end_of_block(const std::vector<std::vector<std::string>>& columns, std::size_t begin, std::size_t label,
                         const Terminal& terminal) {
  std::size_t width = label + gap + width_of(columns[begin]), end = begin + 1;
  while (end < columns.size() && width + gap + width_of(columns[end]) <= terminal.columns)
    width += gap + width_of(columns[end++]);
  return end;
}

}  // namespace

std::string side_by_side(const std::vector<std::string>& names, const std::vector<SideBySideRow>& rows,
                         const Terminal& terminal) {
  std::vector<std::string> labels = {""};
  for (const SideBySideRow& row : rows) labels.push_back(row.label);
  const std::size_t label_width = width_of(labels);
  std::vector<std::vector<std::string>> columns;
  for (std::size_t i = 0; i < names.size(); ++i) columns.push_back(column_of(names[i], rows, i, terminal));

  std::string text;
  for (std::size_t begin = 0, end = 0; begin < columns.size(); begin = end) {
    end = end_of_block(columns, begin, label_width, terminal);
    text += begin > 0 ? "\n" : "";
    for (std::size_t line = 0; line < labels.size(); ++line) {
      text += align_left(labels[line], label_width);
      for (std::size_t i = begin; i < end; ++i) {
        const std::string cell = align_right(columns[i][line], width_of(columns[i]));
        text += std::string(gap, ' ') + (line == 0 ? styled(cell, bold, terminal) : cell);
      }
      text += '\n';
    }
  }
  return text;
}

}  // namespace nib
