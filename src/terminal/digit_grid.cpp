#include "terminal/digit_grid.h"

#include <algorithm>

#include "base/text.h"
#include "terminal/picture.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

constexpr std::size_t gap = 2;           ///< columns between two images
constexpr std::size_t least_width = 22;  ///< of an image's share before fewer stand in a row; fits usual captions

std::string caption_line(const GridCell& cell, std::size_t line, const Terminal& terminal) {
  if (line >= cell.caption.size()) return "";
  const bool marked = cell.wrong && line == 0 && !terminal.colour;
  return (marked ? "! " : "") + printable(cell.caption[line]);
}

std::size_t widest_caption(std::span<const GridCell> cells, const Terminal& terminal) {
  std::size_t width = 0;
  for (const GridCell& cell : cells)
    for (std::size_t line = 0; line < cell.caption.size(); ++line)
      width = std::max(width, text_width(caption_line(cell, line, terminal)));
  return width;
}

/// How many images stand in a row, and how many columns each has.
struct Layout {
  std::size_t across, width;
};

Layout fit(std::size_t wanted_width, std::size_t across, std::size_t columns) {
  const auto share = [&](std::size_t count) {
    const std::size_t gaps = gap * (count - 1);
    return columns > gaps ? (columns - gaps) / count : 0;
  };
  while (across > 1 && share(across) < std::min(wanted_width, least_width)) --across;
  return {across, std::max<std::size_t>(1, std::min(wanted_width, share(across)))};
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// One row of the grid: captions over pictures, each in the middle of its share.
std::string grid_row(const Dataset& dataset, std::span<const GridCell> cells, std::size_t width,
                     const Terminal& terminal) {
  std::size_t caption_lines = 0;
  for (const GridCell& cell : cells) caption_lines = std::max(caption_lines, cell.caption.size());

  std::string text;
  for (std::size_t i = 0; i < caption_lines; ++i) {
    std::string line;
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const std::string caption = centre(cut(caption_line(cells[k], i, terminal), width, terminal.utf8), width);
      line.append(k ? gap : 0, ' ');
      line += cells[k].wrong && i == 0 ? styled(caption, bold_red, terminal) : caption;
    }
    text += without_trailing_spaces(line) + "\n";
  }

  std::vector<std::vector<std::string>> pictures;
  std::size_t picture_columns = 0;
  for (const GridCell& cell : cells) {
    const Picture picture = picture_of(dataset, cell.index, width);
    picture_columns = picture.columns;
    pictures.push_back(picture_lines(picture, terminal));
  }
  const std::size_t left = (width - picture_columns) / 2;
  const std::size_t between = width - picture_columns + gap;
  for (std::size_t i = 0; i < pictures.front().size(); ++i) {
    std::string line(left, ' ');
    for (std::size_t k = 0; k < pictures.size(); ++k) line.append(k ? between : 0, ' ').append(pictures[k][i]);
    text += without_trailing_spaces(line) + "\n";
  }
  return text;
}

}  // namespace

std::string digit_grid(const Dataset& dataset, std::span<const GridCell> cells, unsigned across,
                       const Terminal& terminal) {
  const std::size_t wanted = std::max<std::size_t>(dataset.columns, widest_caption(cells, terminal));
  const Layout layout = fit(wanted, std::max(1U, across), terminal.columns);
  std::string text;
  for (std::size_t first = 0; first < cells.size(); first += layout.across) {
    const auto row = cells.subspan(first, std::min(layout.across, cells.size() - first));
    if (first) text += "\n";
    text += grid_row(dataset, row, layout.width, terminal);
  }
  return text;
}

}  // namespace nib
