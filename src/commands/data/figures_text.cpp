#include "commands/data/figures_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "data/near_images.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

constexpr std::size_t most_told = 5, most_listed = 100;

struct Part {
  std::string_view name;
  const Dataset& images;
  const PartFigures& figures;
};

/// Those that are there.
std::vector<Part> parts_of(const DataCollection& set, const SetFigures& figures) {
  std::vector<Part> parts;
  if (set.training.size() > 0) parts.push_back({"training", set.training, figures.training});
  if (set.test.size() > 0) parts.push_back({"test", set.test, figures.test});
  return parts;
}

std::string row(std::string_view name, std::size_t name_width, std::span<const std::string> cells) {
  constexpr std::size_t cell_width = 18;
  std::string text = align_left(name, name_width);
  for (const std::string& cell : cells) text += align_right(cell, cell_width);
  return text + '\n';
}

/// "3 equal (1 with another label)".
std::string count_of(const PairFigures& pairs, std::string_view word) {
  return fmt::format("{} {}", with_commas(pairs.images), word) +
         (pairs.other_label == 0 ? "" : fmt::format(" ({} with another label)", with_commas(pairs.other_label)));
}

std::string parts_table(const std::vector<Part>& parts) {
  constexpr std::size_t name_width = 22;
  const std::vector<std::pair<std::string_view, std::function<std::string(const Part&)>>> rows = {
      {"", [](const Part& part) { return std::string(part.name); }},
      {"Images", [](const Part& part) { return with_commas(part.figures.images); }},
      {"Mean grey level", [](const Part& part) { return fmt::format("{:.3f}", part.figures.grey.mean); }},
      {"  of 1", [](const Part& part) { return fmt::format("{:.4f}", part.figures.grey.mean / 255); }},
      {"Deviation", [](const Part& part) { return fmt::format("{:.3f}", part.figures.grey.deviation); }},
      {"  of 1", [](const Part& part) { return fmt::format("{:.4f}", part.figures.grey.deviation / 255); }},
      {"One grey level", [](const Part& part) { return with_commas(part.figures.constant.size()); }},
      {"Odd amount of ink", [](const Part& part) { return with_commas(part.figures.odd.size()); }},
      {"Equal to another", [](const Part& part) { return with_commas(part.figures.equal.images); }},
      {"  other label", [](const Part& part) { return with_commas(part.figures.equal.other_label); }},
      {"Near another", [](const Part& part) { return with_commas(part.figures.near.images); }},
      {"  other label", [](const Part& part) { return with_commas(part.figures.near.other_label); }}};
  std::string text;
  for (const auto& [name, value] : rows) {
    std::vector<std::string> cells;
    for (const Part& part : parts) cells.push_back(value(part));
    text += row(name, name_width, cells);
  }
  return text;
}

std::string classes_table(const std::vector<Part>& parts) {
  std::vector<Part> labelled;
  for (const Part& part : parts)
    if (!part.images.labels.empty()) labelled.push_back(part);
  if (labelled.empty()) return "\nNo image has a label.\n";
  const std::vector<std::string>& names = labelled.front().images.class_names;
  std::size_t width = 22;
  for (const std::string& name : names) width = std::max(width, text_width(name) + 1);
  std::vector<std::string> cells;
  for (const Part& part : labelled) cells.emplace_back(part.name);
  std::string text = '\n' + row("Class", width, cells);
  for (std::size_t label = 0; label < names.size(); ++label) {
    cells.clear();
    for (const Part& part : labelled) {
      const std::uint64_t count = part.figures.class_counts[label];
      cells.push_back(fmt::format("{} {:5.1f} %", with_commas(count),
                                  100 * static_cast<double>(count) / static_cast<double>(part.figures.images)));
    }
    text += row(printable(names[label]), width, cells);
  }
  for (const Part& part : labelled) {
    const auto [least, most] = std::ranges::minmax(part.figures.class_counts);
    const auto empty = std::ranges::count(part.figures.class_counts, 0u);
    text += least == 0 ? fmt::format("Balance: {} {} no {} image.\n", empty, empty == 1 ? "class has" : "classes have",
                                     part.name)
                       : fmt::format("Balance: the largest class has {:.2f} times the {} images of the smallest.\n",
                                     static_cast<double>(most) / static_cast<double>(least), part.name);
  }
  return text;
}

std::string listed(std::string_view what, std::string_view part, const std::vector<std::size_t>& images) {
  if (images.empty()) return "";
  std::string text;
  for (std::size_t i = 0; i < std::min(images.size(), most_told); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : ", ", images[i]);
  return fmt::format("{} in the {} part: {}{}\n", what, part, text, images.size() > most_told ? ", ..." : "");
}

std::string pairs_listed(std::string_view words, const PairFigures& figures, const Dataset& images,
                         const Dataset& others) {
  std::string text;
  for (std::size_t i = 0; i < std::min(figures.pairs.size(), most_told); ++i) {
    const ImagePair& pair = figures.pairs[i];
    text += fmt::format("{}{} and {}", i == 0 ? "" : ", ", pair.image, pair.other);
    if (images.labels.empty() || others.labels.empty()) continue;
    const std::uint8_t label = images.labels[pair.image], other = others.labels[pair.other];
    if (label != other)
      text += fmt::format(" ({}, {})", printable(images.class_names[label]), printable(others.class_names[other]));
  }
  return text.empty() ? "" : fmt::format("{}: {}{}\n", words, text, figures.pairs.size() > most_told ? ", ..." : "");
}

std::string across_text(const SetFigures& figures) {
  return fmt::format("\nTest images that are in the training part, too: {}, {}\n", count_of(figures.equal, "equal"),
                     count_of(figures.near, "near"));
}

Json pairs_json(const PairFigures& figures) {
  Json pairs = Json::array();
  for (const ImagePair& pair : figures.pairs)
    pairs.push_back({{"index", pair.image}, {"other_index", pair.other}, {"distance", pair.distance}});
  return {{"images", figures.images}, {"other_label", figures.other_label}, {"pairs", pairs}};
}

Json images_json(const std::vector<std::size_t>& images) {
  Json indices = Json::array();
  for (std::size_t i = 0; i < std::min(images.size(), most_listed); ++i) indices.push_back(images[i]);
  return {{"images", images.size()}, {"indices", indices}};
}

}  // namespace

std::string figures_text(const DataCollection& set, const SetFigures& figures) {
  const std::vector<Part> parts = parts_of(set, figures);
  const Dataset& any = parts.front().images;
  std::string text =
      fmt::format("Images of {} x {} pixels, {} classes\n\n", any.rows, any.columns, any.class_names.size());
  text += parts_table(parts) + classes_table(parts);
  if (parts.size() == 2) text += across_text(figures);
  for (const Part& part : parts) {
    const PartFigures& of_part = part.figures;
    text += listed("One grey level", part.name, of_part.constant) + listed("Odd amount of ink", part.name, of_part.odd);
    text += pairs_listed(fmt::format("Equal in the {} part", part.name), of_part.equal, part.images, part.images);
    text += pairs_listed(fmt::format("Nearest in the {} part", part.name), of_part.near, part.images, part.images);
  }
  text += pairs_listed("Equal in test and training part", figures.equal, set.test, set.training);
  text += pairs_listed("Nearest in test and training part", figures.near, set.test, set.training);
  return text;
}

Json figures_json(const DataCollection& set, const SetFigures& figures) {
  Json parts = Json::array();
  for (const Part& part : parts_of(set, figures)) {
    Json counts = Json::array();
    for (const std::uint64_t count : part.figures.class_counts) counts.push_back(count);
    parts.push_back({{"name", part.name},
                     {"images", part.figures.images},
                     {"mean", part.figures.grey.mean},
                     {"deviation", part.figures.grey.deviation},
                     {"class_counts", part.images.labels.empty() ? Json() : counts},
                     {"constant", images_json(part.figures.constant)},
                     {"odd", images_json(part.figures.odd)},
                     {"equal", pairs_json(part.figures.equal)},
                     {"near", pairs_json(part.figures.near)}});
  }
  return {{"parts", parts},
          {"across", {{"equal", pairs_json(figures.equal)}, {"near", pairs_json(figures.near)}}},
          {"near_distance", near_distance}};
}

}  // namespace nib
