#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "commands/predict/own_image_text.h"
#include "commands/predict/top_classes.h"
#include "drawing/text_fit.h"

namespace nib {
namespace {

constexpr double margin = 16, gap = 20, side = 200;  // of a panel
constexpr double title_size = 15, label_size = 12, line = 20;
constexpr double top = margin + 2.6 * line;  // of the panels

/// A panel with its label above it; the image keeps its proportions in the middle.
void add_panel(Drawing& drawing, std::size_t place, const std::string& label, const Stage& stage) {
  const double left = margin + static_cast<double>(place) * (side + gap);
  const double scale = side / static_cast<double>(std::max(stage.rows, stage.columns));
  const double width = scale * static_cast<double>(stage.columns), height = scale * static_cast<double>(stage.rows);
  const double x = left + (side - width) / 2, y = top + (side - height) / 2;
  drawing.add(Text{.at = {left + side / 2, top - 8}, .text = label, .size = label_size, .anchor = Anchor::middle});
  drawing.add(InkImage{x, y, width, height, stage.rows, stage.columns, stage.ink});
  drawing.add(Rectangle{.x = x, .y = y, .width = width, .height = height, .style = {.stroke = Role::grid}});
}

void add_bars(Drawing& drawing, std::size_t place, const OwnImage& image, const std::vector<std::string>& names) {
  constexpr double row = 48, bar = 14;
  const double left = margin + static_cast<double>(place) * (side + gap);
  const std::vector<ClassProbability> likely = top_classes(image.probabilities);
  double y = top + (side - row * static_cast<double>(likely.size())) / 2;
  for (const ClassProbability& each : likely) {
    const bool first = &each == &likely.front();
    const std::string text = fmt::format("{}: {:.2f} %", names[each.index], each.probability * 100);
    drawing.add(Text{.at = {left, y + 14}, .text = text, .size = fitting_size(text, side, title_size), .bold = first});
    drawing.add(Rectangle{.x = left, .y = y + 20, .width = side, .height = bar, .style = {.fill = Role::grid}});
    drawing.add(Rectangle{.x = left,
                          .y = y + 20,
                          .width = side * static_cast<double>(each.probability),
                          .height = bar,
                          .style = {.fill = first ? Role::first : Role::muted}});
    y += row;
  }
}

}  // namespace

Drawing own_image_picture(const OwnImage& image, const std::vector<std::string>& class_names) {
  const NetworkImage& seen = image.prepared.image;
  std::vector<std::pair<std::string, Stage>> panels = {{"the picture", display_stage(image.picture)}};
  for (const Step& step : image.prepared.steps) panels.emplace_back(step.name, step.stage());
  panels.emplace_back(fmt::format("what the network saw: {}x{}", seen.columns, seen.rows),
                      Stage{seen.rows, seen.columns, seen.pixels});
  const auto columns = static_cast<double>(panels.size() + 1);
  const auto warnings = static_cast<double>(image.prepared.warnings.size());
  Drawing drawing{.name = "steps",
                  .title = "Steps",
                  .description = "The steps from a picture to what the network saw of it, and its likeliest classes",
                  .width = 2 * margin + columns * side + (columns - 1) * gap,
                  .height = top + side + warnings * line + margin};
  const std::string title = printable(std::filesystem::path(image.source).filename().string(), 200);
  const double width = drawing.width - 2 * margin;
  drawing.add(Text{.at = {margin, margin + title_size},
                   .text = title,
                   .size = fitting_size(title, width, title_size),
                   .bold = true});
  for (std::size_t place = 0; place < panels.size(); ++place)
    add_panel(drawing, place, panels[place].first, panels[place].second);
  add_bars(drawing, panels.size(), image, class_names);
  double y = top + side;
  for (const std::string& warning : image.prepared.warnings)
    drawing.add(Text{.at = {margin, y += line}, .text = warning, .size = label_size, .fill = Role::wrong});
  return drawing;
}

}  // namespace nib
