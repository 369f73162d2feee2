#include "commands/predict/top_classes.h"

#include <fmt/core.h>

#include <algorithm>

#include "encodings/json.h"
#include "terminal/text_layout.h"

namespace nib {

std::vector<ClassProbability> top_classes(std::span<const float> probabilities) {
  constexpr std::size_t most_likely = 3;
  std::vector<ClassProbability> all;
  for (std::size_t k = 0; k < probabilities.size(); ++k) all.push_back({k, probabilities[k]});
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& one, const auto& other) { return one.probability > other.probability; });
  all.resize(std::min(all.size(), most_likely));
  return all;
}

std::vector<std::string> top_lines(std::span<const ClassProbability> top, const std::vector<std::string>& names) {
  std::size_t name_width = 0;
  for (const ClassProbability& each : top) name_width = std::max(name_width, text_width(names[each.index]));
  std::vector<std::string> lines;
  for (const ClassProbability& each : top)
    lines.push_back(fmt::format("{} {:6.2f} %", align_right(names[each.index], name_width), each.probability * 100));
  return lines;
}

Json top_json(std::span<const ClassProbability> top, const std::vector<std::string>& names) {
  Json likely = Json::array();
  for (const ClassProbability& each : top)
    likely.push_back({{"class", each.index}, {"name", names[each.index]}, {"probability", each.probability}});
  return likely;
}

}  // namespace nib
