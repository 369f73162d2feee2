#include "cli/help_page.h"

#include <algorithm>

#include "base/text.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

constexpr std::size_t widest_page = 100, indent = 2, gap = 2;
constexpr std::size_t widest_name = 28;            ///< that has its description beside it
constexpr std::size_t narrowest_description = 34;  ///< beside the names

/// Where the descriptions of a page begin: beside the names, or, on a narrow terminal, all below them.
struct Layout {
  std::size_t column;
  bool beside;
};

Layout layout_of(const HelpPage& page, std::size_t columns) {
  std::size_t name = 0;
  for (const HelpSection& section : page.sections)
    for (const HelpRow& row : section.rows)
      if (text_width(row.name) <= widest_name) name = std::max(name, text_width(row.name));
  const std::size_t column = indent + name + gap;
  constexpr std::size_t below = 8;
  return column + narrowest_description <= columns ? Layout{column, true} : Layout{below, false};
}

std::string row_text(const HelpRow& row, const Layout& layout, std::size_t columns) {
  const std::string name = std::string(indent, ' ') + row.name;
  if (layout.beside && text_width(name) + gap <= layout.column)
    return wrap(align_left(name, layout.column) + row.description + '\n', columns,
                layout.column - name.find_first_not_of(' '));
  return wrap(name + '\n', columns, indent) +
         wrap(std::string(layout.column, ' ') + row.description + '\n', columns, 0);
}

}  // namespace

std::string help_text(const HelpPage& page, std::size_t columns) {
  columns = std::min(columns, widest_page);
  const Layout layout = layout_of(page, columns);
  std::string text = wrap("Usage: " + page.usage + "\n\n" + page.description + '\n', columns, 0);
  for (const HelpSection& section : page.sections) {
    text += '\n' + section.title + '\n';
    for (const HelpRow& row : section.rows) text += row_text(row, layout, columns);
  }
  if (!page.footer.empty()) text += '\n' + wrap(page.footer + '\n', columns, 0);
  return text;
}

}  // namespace nib
