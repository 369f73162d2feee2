#include "commands/train/augmentation_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"

namespace nib {
namespace {

struct Part {
  const char* name;
  double Augmentation::*value;
  double most;
};
constexpr std::array<Part, 3> parts = {{{"shift", &Augmentation::shift, most_shift},
                                        {"rotate", &Augmentation::rotate, most_rotation},
                                        {"scale", &Augmentation::scale, most_scaling}}};

constexpr const char *augment_key = "augment", *smoothing_key = "label_smoothing";
constexpr const char* form = "some of shift=PIXELS,rotate=DEGREES,scale=FRACTION";

/// Pieces between commas, empty ones among them.
std::vector<std::string> pieces_of(const std::string& text) {
  std::vector<std::string> pieces;
  std::size_t begin = 0;
  for (std::size_t comma = text.find(','); comma != std::string::npos; comma = text.find(',', begin)) {
    pieces.push_back(text.substr(begin, comma - begin));
    begin = comma + 1;
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

/// An augmentation, or what is wrong with the text.
using Understood = std::variant<Augmentation, Problem>;

Understood understood(const std::string& text) {
  Augmentation augmentation;
  std::vector<std::string> seen;
  for (const std::string& piece : pieces_of(text)) {
    const std::size_t equals = piece.find('=');
    const std::string name = piece.substr(0, equals);
    const auto* const part = std::ranges::find(parts, name, &Part::name);
    if (equals == std::string::npos || part == parts.end())
      return Problem{
          .problem = "names nothing that an image can be changed in", .expected = form, .got = quoted(piece)};
    if (std::ranges::find(seen, name) != seen.end())
      return Problem{.field = name, .problem = "is given twice", .got = quoted(text)};
    seen.push_back(name);
    const std::string number = piece.substr(equals + 1);
    const std::optional<double> value = parse_number(number);
    if (!value || *value < 0 || *value > part->most)
      return Problem{
          .field = name, .problem = fmt::format("not a number between 0 and {}", part->most), .got = quoted(number)};
    augmentation.*(part->value) = *value;
  }
  return augmentation;
}

}  // namespace

void add_augmentation_options(Command command, TrainOptions& run) {
  const std::string name = "--augment";
  add_value(command,
            {.names = name,
             .value_name = "LIST",
             .allowed = form,
             .description = "move each training image anew each time, by up to: shift=PIXELS,rotate=DEGREES,"
                            "scale=FRACTION, or some of them (default off)"},
            [&run, name](const std::string& text) {
              Understood list = understood(text);
              if (auto* const problem = std::get_if<Problem>(&list)) {
                problem->file = name;
                throw usage_error(std::move(*problem));
              }
              run.augmentation = std::get<Augmentation>(list);
            });
  add_number(command, "--label-smoothing", run.label_smoothing, {.lowest = 0, .highest = 1, .below_highest = true},
             "part of the target that all classes share");
}

std::string augmentation_text(const Augmentation& augmentation) {
  std::string text;
  for (const Part& part : parts)
    if (const double value = augmentation.*(part.value); value > 0)
      text += fmt::format("{}{}={}", text.empty() ? "" : ",", part.name, value);
  return text;
}

std::string augmentation_in_words(const Augmentation& augmentation) {
  std::string words;
  const auto add = [&](const char* what, double value, const char* unit) {
    if (value > 0) words += fmt::format("{}{} up to {:g} {}", words.empty() ? "" : ", ", what, value, unit);
  };
  add("shift", augmentation.shift, "pixels");
  add("rotation", augmentation.rotate, "degrees");
  add("scale", 100 * augmentation.scale, "%");
  return words;
}

void add_augmentation_settings(Json& configuration, const TrainOptions& options) {
  if (options.augmentation.any()) configuration[augment_key] = augmentation_text(options.augmentation);
  if (options.label_smoothing > 0) configuration[smoothing_key] = options.label_smoothing;
}

Augmentation augmentation_of(const JsonReader& configuration) {
  const auto found = configuration.find(augment_key);
  if (!found) return {};
  const Understood list = understood(found->text());
  if (const auto* const augmentation = std::get_if<Augmentation>(&list)) return *augmentation;
  throw found->error("no augmentation", form, quoted(found->text()));
}

double label_smoothing_of(const JsonReader& configuration) {
  const auto found = configuration.find(smoothing_key);
  const double smoothing = found ? found->number() : 0;
  if (!(smoothing >= 0 && smoothing < 1)) throw found->error("out of range", "from 0 to below 1");
  return smoothing;
}

std::string augmentation_command(const TrainOptions& options) {
  std::string command;
  if (options.augmentation.any()) command += " --augment " + augmentation_text(options.augmentation);
  if (options.label_smoothing > 0) command += fmt::format(" --label-smoothing {}", options.label_smoothing);
  return command;
}

}  // namespace nib
