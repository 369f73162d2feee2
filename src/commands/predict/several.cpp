#include "commands/predict/several.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "commands/predict/top_classes.h"
#include "inference/model.h"
#include "inference/own_image.h"

namespace nib {
namespace {

/// (image, class)
std::vector<float> read_all(std::span<const NetworkImage> images, Classifier& classifier) {
  std::vector<std::uint8_t> pixels;
  for (const NetworkImage& image : images) pixels.insert(pixels.end(), image.pixels.begin(), image.pixels.end());
  return classifier.probabilities(pixels);
}

bool reads_digits(const std::vector<std::string>& class_names) {
  if (class_names.size() != 10) return false;
  for (std::size_t i = 0; i < 10; ++i)
    if (class_names[i] != std::to_string(i)) return false;
  return true;
}

/// Why a digit may be none, or another one.
std::vector<std::string> doubts_of(const DigitOnPage& digit, const std::vector<std::string>& class_names) {
  constexpr double surely_not_whole = -3, taller = 1.25;
  std::vector<std::string> doubts;
  const ClassProbability likeliest = top_classes(digit.probabilities).front();
  if (likeliest.probability < low_confidence)
    doubts.push_back(fmt::format("the network is not sure: {:.0f} % for {}", likeliest.probability * 100,
                                 printable(class_names[likeliest.index])));
  if (digit.whole && *digit.whole < surely_not_whole)
    doubts.emplace_back("it looks like a part of a digit, or like more than one");
  if (static_cast<double>(digit.box.rows) > taller * digit.height)
    doubts.emplace_back("it is taller than its line: is it a slash, or a bracket?");
  return doubts;
}

std::vector<std::string> warnings_of(const DigitsOnPage& found, const std::vector<std::string>& class_names) {
  std::vector<std::string> warnings;
  std::size_t number = 0;
  for (const std::vector<DigitOnPage>& line : found.lines)
    for (const DigitOnPage& digit : line) {
      ++number;
      for (const std::string& doubt : doubts_of(digit, class_names))
        warnings.push_back(fmt::format("digit {}: {}", number, doubt));
    }
  if (found.left_out > 0)
    warnings.push_back(fmt::format("{} low mark{} left out, as dashes and dots are", found.left_out,
                                   found.left_out == 1 ? " is" : "s are"));
  return warnings;
}

}  // namespace

std::string size_text(const SeveralDigits& digits) {
  const std::size_t count = digits.found.size(), lines = digits.found.lines.size();
  return fmt::format("{} digit{} in {} line{}", count, count == 1 ? "" : "s", lines, lines == 1 ? "" : "s");
}

SeveralDigits read_several(const std::string& source, GreyImage picture, Classifier& classifier) {
  const Shape input = classifier.model().network.input;
  const ReadingNetwork network{
      .read = [&](std::span<const NetworkImage> images) { return read_all(images, classifier); },
      .rows = input.height,
      .columns = input.width,
      .of_digits = reads_digits(class_names_of(classifier.model()))};
  SeveralDigits digits{.source = source, .picture = std::move(picture)};
  digits.found = find_digits(digits.picture, network, source);
  return digits;
}

std::string line_text(const std::vector<DigitOnPage>& line, const std::vector<std::string>& class_names) {
  const bool letters = std::ranges::all_of(class_names, [](const std::string& name) { return name.size() == 1; });
  std::string text;
  for (const DigitOnPage& digit : line) {
    if (!letters && !text.empty()) text += ' ';
    text += class_names[top_classes(digit.probabilities).front().index];
  }
  return text;
}

std::string several_text(const SeveralDigits& digits, const std::vector<std::string>& class_names) {
  std::string text = fmt::format("{} ({}x{}, {}, {})\n\n", printable(digits.source), digits.picture.columns,
                                 digits.picture.rows, polarity_name(digits.found.polarity), size_text(digits));
  for (const std::vector<DigitOnPage>& line : digits.found.lines)
    text += "   " + printable(line_text(line, class_names)) + '\n';
  text += '\n';
  for (const std::string& warning : warnings_of(digits.found, class_names)) text += "warning: " + warning + '\n';
  return text;
}

Json several_json(const SeveralDigits& digits, const std::vector<std::string>& class_names) {
  Json lines = Json::array();
  for (const std::vector<DigitOnPage>& line : digits.found.lines) {
    Json found = Json::array();
    for (const DigitOnPage& digit : line) {
      const std::vector<ClassProbability> top = top_classes(digit.probabilities);
      const Box& box = digit.box;
      found.push_back(
          {{"box", {{"row", box.row}, {"column", box.column}, {"rows", box.rows}, {"columns", box.columns}}},
           {"predicted", top.front().index},
           {"top", top_json(top, class_names)}});
    }
    lines.push_back({{"text", line_text(line, class_names)}, {"digits", std::move(found)}});
  }
  return {{"source", digits.source},
          {"rows", digits.picture.rows},
          {"columns", digits.picture.columns},
          {"polarity", polarity_name(digits.found.polarity)},
          {"digits", digits.found.size()},
          {"frames", digits.found.frames},
          {"warnings", warnings_of(digits.found, class_names)},
          {"lines", std::move(lines)}};
}

}  // namespace nib
