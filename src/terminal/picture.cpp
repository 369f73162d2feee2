#include "terminal/picture.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace nib {
namespace {

/// An old pixel and the part that it has of a new one, along one side.
struct Share {
  std::size_t pixel;
  double part;
};

/// The old pixels under new pixel `index`, when `old_side` pixels become `side`.
std::vector<Share> shares(std::size_t index, std::size_t side, std::size_t old_side) {
  // In units of 1 / side of an old pixel everything is whole.
  const std::size_t begin = index * old_side, end = begin + old_side;
  std::vector<Share> result;
  for (std::size_t pixel = begin / side; pixel * side < end; ++pixel) {
    const std::size_t covered = std::min(end, (pixel + 1) * side) - std::max(begin, pixel * side);
    result.push_back({pixel, static_cast<double>(covered) / static_cast<double>(old_side)});
  }
  return result;
}

/// xterm's palette: black 16, greys 232 to 255, white 231.
int palette_grey(float value) {
  const auto level = static_cast<int>(std::lround(std::clamp(value, 0.0F, 1.0F) * 25));
  return level == 0 ? 16 : level == 25 ? 231 : 231 + level;
}

std::string coloured_line(const Picture& picture, std::size_t row) {
  std::string line;
  int upper = -1, lower = -1;
  for (std::size_t column = 0; column < picture.columns; ++column) {
    const int next_upper = palette_grey(picture.at(row, column)),
              next_lower = palette_grey(picture.at(row + 1, column));
    if (next_upper != upper) line += fmt::format("\x1b[38;5;{}m", next_upper);
    if (next_lower != lower) line += fmt::format("\x1b[48;5;{}m", next_lower);
    line += "▀";
    upper = next_upper;
    lower = next_lower;
  }
  return line + "\x1b[0m";
}

/// A character and how much ink it has in its upper and lower half.
struct Glyph {
  const char* text;
  float upper, lower;
};
constexpr Glyph glyphs[] = {{" ", 0, 0}, {"░", 0.25F, 0.25F}, {"▒", 0.5F, 0.5F}, {"▓", 0.75F, 0.75F},
                            {"█", 1, 1}, {"▀", 1, 0},         {"▄", 0, 1}};

const char* nearest_glyph(float upper, float lower) {
  const auto distance = [&](const Glyph& glyph) { return std::hypot(glyph.upper - upper, glyph.lower - lower); };
  return std::min_element(std::begin(glyphs), std::end(glyphs),
                          [&](const Glyph& one, const Glyph& other) { return distance(one) < distance(other); })
      ->text;
}

char ascii_weight(float upper, float lower) {
  constexpr std::string_view ramp = " .:-=+*#%@";
  const float mean = std::clamp((upper + lower) / 2, 0.0F, 1.0F);
  return ramp[static_cast<std::size_t>(std::lround(mean * static_cast<float>(ramp.size() - 1)))];
}

}  // namespace

Picture picture_of(const Dataset& dataset, std::size_t index, std::size_t most_columns) {
  const std::size_t columns = std::min<std::size_t>(dataset.columns, most_columns);
  const double shrink = static_cast<double>(columns) / dataset.columns;
  const auto rows = std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(dataset.rows * shrink)));
  Picture picture{rows, columns, {}};
  std::vector<std::uint8_t> room;
  const std::uint8_t* pixels = dataset.image(index, room);
  for (std::size_t row = 0; row < picture.rows; ++row)
    for (std::size_t column = 0; column < picture.columns; ++column) {
      double ink = 0;
      for (const Share& down : shares(row, rows, dataset.rows))
        for (const Share& across : shares(column, columns, dataset.columns))
          ink += down.part * across.part * pixels[down.pixel * dataset.columns + across.pixel];
      picture.values.push_back(static_cast<float>(ink / 255));
    }
  return picture;
}

std::vector<std::string> picture_lines(const Picture& picture, const Terminal& terminal) {
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < picture.rows; row += 2) {
    std::string line;
    if (terminal.colour && terminal.utf8) {
      line = coloured_line(picture, row);
    } else {
      for (std::size_t column = 0; column < picture.columns; ++column) {
        const float upper = picture.at(row, column), lower = picture.at(row + 1, column);
        if (terminal.utf8)
          line += nearest_glyph(upper, lower);
        else
          line += ascii_weight(upper, lower);
      }
    }
    lines.push_back(line);
  }
  return lines;
}

}  // namespace nib
