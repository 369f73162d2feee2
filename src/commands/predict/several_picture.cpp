#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/text.h"
#include "commands/predict/several.h"
#include "commands/predict/top_classes.h"
#include "drawing/text_fit.h"
#include "images/preparation/prepare.h"
#include "inference/own_image.h"

namespace nib {
namespace {

constexpr double margin = 24, title_size = 15, top = margin + 2.5 * title_size;
constexpr double page_side = 900;  ///< of the picture's larger side
constexpr double number_size = 9, answer_size = 14;

/// A digit's box; its number in reading order at the upper left, the answer below it, red where the network is not
/// sure.
void add_digit(Drawing& drawing, const DigitOnPage& digit, std::size_t number, double scale,
               const std::vector<std::string>& class_names) {
  constexpr double around = 2;
  const double x = margin + scale * static_cast<double>(digit.box.column) - around,
               y = top + scale * static_cast<double>(digit.box.row) - around,
               width = scale * static_cast<double>(digit.box.columns) + 2 * around,
               height = scale * static_cast<double>(digit.box.rows) + 2 * around;
  const ClassProbability likeliest = top_classes(digit.probabilities).front();
  const Role colour = likeliest.probability < low_confidence ? Role::wrong : Role::first;
  drawing.add(Rectangle{.x = x, .y = y, .width = width, .height = height, .style = {.stroke = colour}});
  drawing.add(Text{.at = {x, y - 2}, .text = std::to_string(number), .size = number_size, .fill = Role::muted});
  drawing.add(Text{.at = {x + width / 2, y + height + answer_size},
                   .text = printable(class_names[likeliest.index]),
                   .size = answer_size,
                   .fill = colour,
                   .anchor = Anchor::middle,
                   .bold = true});
}

}  // namespace

Drawing several_picture(const SeveralDigits& digits, const std::vector<std::string>& class_names) {
  const auto rows = static_cast<double>(digits.picture.rows), columns = static_cast<double>(digits.picture.columns);
  const double scale = page_side / std::max(rows, columns);
  Drawing drawing{.name = "digits",
                  .title = "Digits",
                  .description = "A picture with a numbered box around each digit found, and its likeliest class",
                  .width = 2 * margin + scale * columns,
                  .height = top + scale * rows + margin};
  const std::string title =
      fmt::format("{}: {}, as numbered", printable(std::filesystem::path(digits.source).filename().string(), 200),
                  size_text(digits));
  drawing.add(Text{.at = {margin, margin + title_size},
                   .text = title,
                   .size = fitting_size(title, drawing.width - 2 * margin, title_size),
                   .bold = true});
  const Stage page = display_stage(digits.picture);
  drawing.add(InkImage{margin, top, scale * columns, scale * rows, page.rows, page.columns, page.ink});
  drawing.add(Rectangle{
      .x = margin, .y = top, .width = scale * columns, .height = scale * rows, .style = {.stroke = Role::grid}});
  std::size_t number = 0;
  for (const std::vector<DigitOnPage>& line : digits.found.lines)
    for (const DigitOnPage& digit : line) add_digit(drawing, digit, ++number, scale, class_names);
  return drawing;
}

}  // namespace nib
