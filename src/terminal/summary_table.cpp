#include "terminal/summary_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

using Row = std::array<std::string, 3>;  ///< layer, output shape, parameters
using Widths = std::array<std::size_t, 3>;

/// A horizontal line of the frame: its left end, filling, crossing and right end.
using Rule = std::array<const char*, 4>;

/// The frame as the Python package rich draws it for Keras, and one for terminals without UTF-8.
struct Frame {
  Rule top, below_header, between, bottom;
  const char* header_bar;
  const char* bar;
};
constexpr Frame box_frame = {
    {"┏", "━", "┳", "┓"}, {"┡", "━", "╇", "┩"}, {"├", "─", "┼", "┤"}, {"└", "─", "┴", "┘"}, "┃", "│"};
constexpr Frame ascii_frame = {
    {"+", "-", "+", "+"}, {"+", "=", "+", "+"}, {"+", "-", "+", "+"}, {"+", "-", "+", "+"}, "|", "|"};

// The colours Keras gives to numbers, to None and to the layers' types.
constexpr std::string_view number_colour = "38;5;34", none_colour = "38;5;45", type_colour = "38;5;33";

/// Below 24 columns nothing readable is left.
unsigned readable_columns(const Terminal& terminal) { return std::max(24U, terminal.columns); }

/// Keras wants its columns to end at 0.45, 0.8 and 1 of the line, which is 4 columns shorter than the terminal and at
/// most 88; rich then takes 3, 4 and 3 columns from them for the frame.
Widths column_widths(const Terminal& terminal) {
  const unsigned line = std::min(88U, readable_columns(terminal) - 4);
  const auto first = static_cast<std::size_t>(0.45 * line), second = static_cast<std::size_t>(0.80 * line);
  return {first - 3, second - first - 4, line - second - 3};
}

/// Breaks at spaces, as many words a line as fit; what is longer than a line is cut.
std::vector<std::string> wrapped(const std::string& text, std::size_t width, bool utf8) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (!line.empty() && text_width(line) + 1 + text_width(word) > width) lines.push_back(std::exchange(line, ""));
    line += (line.empty() ? "" : " ") + word;
    begin = end + 1;
  }
  lines.push_back(line);
  for (std::string& each : lines) each = cut(each, width, utf8);
  return lines;
}

std::string rule(const Rule& parts, const Widths& widths) {
  std::string line = parts[0];
  for (std::size_t i = 0; i < widths.size(); ++i)
    line += repeated(parts[1], widths[i] + 2) + (i + 1 < widths.size() ? parts[2] : parts[3]);
  return line + "\n";
}

/// "(None, 26, 26, 32)" with numbers and words in their colours; lines cut in the middle of one work as well.
std::string colour_shape(const std::string& line, const Terminal& terminal) {
  std::string result;
  for (std::size_t i = 0; i < line.size();) {
    const bool number = line[i] >= '0' && line[i] <= '9';
    const bool word = (line[i] >= 'A' && line[i] <= 'Z') || (line[i] >= 'a' && line[i] <= 'z');
    const std::size_t end = std::min(line.find_first_of("(), ", i), line.size());
    if (number || word) {
      result += styled(line.substr(i, end - i), number ? number_colour : none_colour, terminal);
      i = end;
    } else {
      result += line[i++];
    }
  }
  return result;
}

/// "conv2d (Conv2D)" with the type in its colour.
std::string colour_layer(const std::string& line, const Terminal& terminal) {
  const std::size_t open = line.find('(');
  if (open == std::string::npos) return line;
  const std::size_t close = std::min(line.find(')', open), line.size());
  return line.substr(0, open + 1) + styled(line.substr(open + 1, close - open - 1), type_colour, terminal) +
         line.substr(close);
}

std::string row_text(const Row& row, const Widths& widths, bool header, const Terminal& terminal) {
  const char* bar = terminal.utf8 ? (header ? box_frame.header_bar : box_frame.bar) : ascii_frame.bar;
  std::array<std::vector<std::string>, 3> cells;
  for (std::size_t i = 0; i < row.size(); ++i) cells[i] = wrapped(row[i], widths[i], terminal.utf8);
  const std::size_t height = std::max({cells[0].size(), cells[1].size(), cells[2].size()});
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      // A header that is shorter than its neighbours stands at the bottom, any other cell at the top.
      const std::size_t above = header ? height - cells[i].size() : 0;
      const bool filled = line >= above && line - above < cells[i].size();
      const std::string cell = filled ? cells[i][line - above] : "";
      const std::string space(widths[i] - text_width(cell), ' ');
      std::string coloured;
      if (header)
        coloured = styled(cell, bold, terminal);
      else if (i == 0)
        coloured = colour_layer(cell, terminal);
      else if (i == 1)
        coloured = colour_shape(cell, terminal);
      else
        coloured = cell.empty() ? cell : styled(cell, number_colour, terminal);
      text += fmt::format("{} {} ", bar, i == 2 ? space + coloured : coloured + space);
    }
    text += std::string(bar) + "\n";
  }
  return text;
}

const char* keras_type(const Layer& layer) {
  constexpr std::array<const char*, 7> types = {
      "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dropout", "AveragePooling2D", "GlobalAveragePooling2D"};
  static_assert(std::variant_size_v<Layer> == types.size());
  return types[layer.index()];
}

std::vector<Row> layer_rows(const Network& network) {
  const std::vector<Shape> shapes = output_shapes(network);
  const std::vector<std::string> names = keras_layer_names(network);
  std::vector<std::uint64_t> parameters(network.layers.size());
  for (const ParameterSpec& spec : parameter_specs(network)) parameters[spec.layer] += spec.size();
  std::vector<Row> rows;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Shape& shape = shapes[i];
    rows.push_back({fmt::format("{} ({})", names[i], keras_type(network.layers[i])),
                    shape.flat ? fmt::format("(None, {})", shape.channels)
                               : fmt::format("(None, {}, {}, {})", shape.height, shape.width, shape.channels),
                    with_commas(parameters[i])});
  }
  return rows;
}

/// "879.04 KB", in steps of 1024.
std::string readable_size(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units = {"B", "KB", "MB", "GB", "TB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < units.size(); ++unit) amount /= 1024;
  return fmt::format("{:.2f} {}", amount, units[unit]);
}

struct Piece {
  std::string text;
  std::string_view style;  ///< none for an empty one
};

/// Where rich begins a new line: before the words that no longer fit. A line keeps the space at its end as long as it
/// fits; a word is never longer than the line here.
std::vector<std::size_t> line_starts(const std::string& text, std::size_t width) {
  std::vector<std::size_t> starts = {0};
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t word = text.find_first_not_of(' ', begin);
    const std::size_t word_end = std::min(text.find(' ', word), text.size());
    if (word_end - starts.back() > width && begin > starts.back()) starts.push_back(begin);
    begin = std::min(text.find_first_not_of(' ', word_end), text.size());
  }
  return starts;
}

/// Lines of pieces in their styles, broken as rich does it.
std::string wrapped_pieces(const std::vector<Piece>& pieces, std::size_t width, const Terminal& terminal) {
  std::string all;
  for (const Piece& piece : pieces) all += piece.text;
  std::vector<std::size_t> starts = line_starts(all, width);
  starts.push_back(all.size());
  std::string result;
  for (std::size_t line = 0; line + 1 < starts.size(); ++line) {
    const std::size_t end = std::min(starts[line + 1], starts[line] + width);  // without spaces that no longer fit
    std::size_t place = 0;
    for (const auto& [text, style] : pieces) {
      const std::size_t from = std::max(place, starts[line]), to = std::min(place + text.size(), end);
      const std::string part = from < to ? text.substr(from - place, to - from) : "";
      result += part.empty() || style.empty() ? part : styled(part, style, terminal);
      place += text.size();
    }
    result += '\n';
  }
  return result;
}

std::string total_line(const char* what, std::uint64_t parameters, const Terminal& terminal) {
  return wrapped_pieces({{fmt::format(" {} params: ", what), bold},
                         {with_commas(parameters), number_colour},
                         {fmt::format(" ({})", readable_size(parameters * sizeof(float))), ""}},
                        readable_columns(terminal), terminal);
}

}  // namespace

std::string summary_table(const Network& network, const Terminal& terminal) {
  const Frame& frame = terminal.utf8 ? box_frame : ascii_frame;
  const Widths widths = column_widths(terminal);
  std::string text = styled("Model: \"sequential\"", bold, terminal) + "\n" + rule(frame.top, widths) +
                     row_text({"Layer (type)", "Output Shape", "Param #"}, widths, true, terminal);
  const Rule* above = &frame.below_header;
  for (const Row& row : layer_rows(network)) {
    text += rule(*above, widths) + row_text(row, widths, false, terminal);
    above = &frame.between;
  }
  const std::uint64_t parameters = parameter_count(network);
  return text + rule(frame.bottom, widths) + total_line("Total", parameters, terminal) +
         total_line("Trainable", parameters, terminal) + total_line("Non-trainable", 0, terminal);
}

}  // namespace nib
