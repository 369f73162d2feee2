#include "commands/predict/own_image_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cli/flags.h"
#include "commands/predict/top_classes.h"
#include "encodings/json.h"
#include "nib/dataset.h"
#include "terminal/picture.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

Picture seen_by_network(const OwnImage& image, std::size_t most_columns) {
  const NetworkImage& seen = image.prepared.image;
  return picture_of(
      {static_cast<std::uint32_t>(seen.rows), static_cast<std::uint32_t>(seen.columns), {}, seen.pixels, {}}, 0,
      most_columns);
}

std::string heading(const OwnImage& image) {
  return fmt::format("{} ({}x{}, {})\n", printable(image.source), image.picture.columns, image.picture.rows,
                     image.as_is ? "as it is" : polarity_name(image.prepared.polarity));
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string own_image_text(const OwnImage& image, const std::vector<std::string>& class_names,
                           const Terminal& terminal) {
  constexpr std::size_t gap = 3;
  const std::vector<ClassProbability> top = top_classes(image.probabilities);
  std::vector<std::string> words = {"Predicted: " + printable(class_names[top.front().index]), ""};
  for (const std::string& line : top_lines(top, class_names)) words.push_back(printable(line));
  std::size_t words_width = 0;
  for (const std::string& line : words) words_width = std::max(words_width, text_width(line));

  const Picture picture = seen_by_network(image, terminal.columns);
  const std::vector<std::string> lines = picture_lines(picture, terminal);
  const bool beside = picture.columns + gap + words_width <= terminal.columns;
  const std::size_t first = beside && lines.size() > words.size() ? (lines.size() - words.size()) / 2 : 0;
  std::string text = heading(image);
  for (std::size_t i = 0; i < std::max(lines.size(), beside ? words.size() : 0); ++i) {
    std::string line = i < lines.size() ? lines[i] : std::string(picture.columns, ' ');
    if (beside && i >= first && i - first < words.size()) line += std::string(gap, ' ') + words[i - first];
    text += without_trailing_spaces(line) + '\n';
  }
  if (!beside)
    for (const std::string& line : words) text += line + '\n';
  for (const std::string& warning : image.prepared.warnings) text += "warning: " + warning + '\n';
  return text + '\n';
}

Json own_image_json(const OwnImage& image, const std::vector<std::string>& class_names) {
  const std::vector<ClassProbability> top = top_classes(image.probabilities);
  Json document = {{"source", image.source}, {"rows", image.picture.rows}, {"columns", image.picture.columns}};
  if (!image.as_is) {
    const Box& box = image.prepared.box;
    document["polarity"] = polarity_name(image.prepared.polarity);
    document["box"] = {{"row", box.row}, {"column", box.column}, {"rows", box.rows}, {"columns", box.columns}};
  }
  Json warnings = Json::array();
  for (const std::string& warning : image.prepared.warnings) warnings.push_back(with_flags(warning));
  document["warnings"] = std::move(warnings);
  if (const auto& verdict = image.verdict) {
    document["calibrated_probability"] = verdict->probability;
    document["no_digit_score"] = verdict->no_digit;
    document["accepted"] = image.prepared.warnings.empty();
  }
  document["predicted"] = top.front().index;
  document["top"] = top_json(top, class_names);
  return document;
}

}  // namespace nib
