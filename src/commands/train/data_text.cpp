#include "commands/train/data_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "data/class_counts.h"
#include "data/description.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

std::string shapes_lines(const std::string& part, const Dataset& dataset, std::size_t count, const Terminal& terminal) {
  const std::string images = fmt::format("({}, {}, {})", count, dataset.rows, dataset.columns);
  const std::string prepared = fmt::format("({}, {}, {}, 1)", count, dataset.rows, dataset.columns);
  const std::string one_hot = fmt::format("({}, {})", count, dataset.class_names.size());
  const char* const becomes = terminal.breaks_lines ? " -> " : "  ->  ";  // MNIST's lines fit into 80 columns then
  return fmt::format("  {:<15} {:<15} uint8{}{:<18} float32 in [0, 1]\n", part + " images", images, becomes, prepared) +
         fmt::format("  {:<15} {:<15} uint8{}{:<18} one-hot\n", part + " labels", fmt::format("({},)", count), becomes,
                     one_hot);
}

std::string validation_line(std::size_t training, std::size_t validation, const std::string& words) {
  if (validation == 0) return fmt::format("  validation: none, {} images to train on\n", with_commas(training));
  return fmt::format("  validation: {}; {} images to train on\n", words, with_commas(training));
}

struct Part {
  const char* name;
  const Dataset& dataset;
};

std::string class_table(const std::vector<Part>& parts, const Terminal& terminal) {
  const std::vector<std::string>& names = parts.front().dataset.class_names;
  std::size_t width = 5;
  for (const std::string& name : names) width = std::max(width, text_width(name));
  constexpr std::size_t number = 10;
  const std::size_t gap = 2 + width + parts.size() * (2 + number) <= terminal.columns ? 2 : 1;
  const auto cell = [&](std::string_view content) { return align_right(content, gap + number); };
  std::string text = "  " + align_right("class", width);
  std::vector<std::vector<std::uint64_t>> counts;
  for (const Part& part : parts) {
    text += cell(part.name);
    counts.push_back(class_counts(part.dataset));
  }
  for (std::size_t index = 0; index < names.size(); ++index) {
    text += "\n  " + align_right(names[index], width);
    for (const auto& of_part : counts) text += cell(with_commas(of_part[index]));
  }
  text += "\n  " + align_right("total", width);
  for (const Part& part : parts) text += cell(with_commas(part.dataset.size()));
  return text + '\n';
}

}  // namespace

std::string data_text(const DataCollection& source, const Split& split, const ValidationWords& validation_words,
                      const Dataset& test, const Terminal& terminal) {
  const std::size_t training = split.training->size();
  const std::size_t validation = split.validation ? split.validation->size() : 0;
  const std::size_t all = training + (validation_words.held_out ? validation : 0);
  std::vector<Part> parts{{"training", *split.training}};
  if (split.validation) parts.push_back({"validation", *split.validation});
  const bool tested = !test.labels.empty();
  if (tested) parts.push_back({"test", test});
  return data_source_line(source) +
         fmt::format("  {} training and {} test images{}\n", with_commas(all),
                     test.size() > 0 ? with_commas(test.size()) : "no",
                     test.size() > 0 && !tested ? " without labels, which are left out" : "") +
         shapes_lines("training", *split.training, all, terminal) +
         (tested ? shapes_lines("test", test, test.size(), terminal) : "") +
         validation_line(training, validation, validation_words.words) + class_table(parts, terminal);
}

}  // namespace nib
