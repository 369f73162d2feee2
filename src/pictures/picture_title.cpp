#include "pictures/picture_title.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "base/text.h"
#include "drawing/text_fit.h"

namespace nib {
namespace {

constexpr double margin = 16, title_size = 16, title_height = 30, part_size = 11, line_height = 15, space_below = 8;

/// "conv 32" or "dense 128"; nothing for layers without parameters.
std::string layer_in_words(const Layer& layer) {
  if (const auto* convolution = std::get_if<Convolution>(&layer)) return fmt::format("conv {}", convolution->filters);
  if (const auto* dense = std::get_if<Dense>(&layer)) return fmt::format("dense {}", dense->units);
  return {};
}

/// The parts with dots between them, a new line where the next one does not fit.
std::vector<std::string> lines_of(const std::vector<std::string>& parts, double width) {
  std::vector<std::string> lines;
  for (const std::string& part : parts) {
    const std::string joined = lines.empty() ? part : lines.back() + " · " + part;
    if (!lines.empty() && estimated_width(joined, part_size) <= width)
      lines.back() = joined;
    else
      lines.push_back(part);
  }
  return lines;
}

}  // namespace

std::vector<std::string> PictureTitle::parts() const {
  std::vector<std::string> all;
  for (const std::string& part : {data, network, result, run})
    if (!part.empty()) all.push_back(part);
  return all;
}

std::string network_in_words(const Network& network) {
  if (network == digits_network()) return "digits network";
  constexpr std::size_t most = 6;  // names of layers; of longer networks their number tells enough
  std::vector<std::string> layers;
  for (const Layer& layer : network.layers)
    if (std::string words = layer_in_words(layer); !words.empty()) layers.push_back(std::move(words));
  if (layers.empty()) return {};
  const std::string count = fmt::format("network of {} layer{}", layers.size(), layers.size() == 1 ? "" : "s");
  if (layers.size() > most) return count;
  std::string text = count + ": " + layers.front();
  for (std::size_t i = 1; i < layers.size(); ++i) text += ", " + layers[i];
  return text;
}

std::string result_in_words(const TestResult& result) {
  if (result.images > 0)
    return fmt::format("{:.2f} % of {} right",
                       100 * static_cast<double>(result.correct) / static_cast<double>(result.images),
                       with_commas(result.images));
  return std::isnan(result.accuracy) ? std::string() : fmt::format("{:.2f} % right", 100 * result.accuracy);
}

Drawing with_title(Drawing drawing, const std::vector<std::string>& parts) {
  const double width = drawing.width - 2 * margin;
  const std::vector<std::string> lines = lines_of(parts, width);
  const double height = title_height + line_height * static_cast<double>(lines.size()) + space_below;
  drawing.move_by(0, height);
  drawing.height += height;
  drawing
      .add(Text{.at = {margin, title_height - 6},
                .text = drawing.title,
                .size = fitting_size(drawing.title, width, title_size),
                .bold = true})
      .id = "title";
  double y = title_height - 3;
  for (const std::string& line : lines)
    drawing.add(Text{.at = {margin, y += line_height},
                     .text = line,
                     .size = fitting_size(line, width, part_size),
                     .fill = Role::muted});
  return drawing;
}

}  // namespace nib
