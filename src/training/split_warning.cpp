#include "training/split_warning.h"

#include <fmt/core.h>

#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "data/class_counts.h"

namespace nib {

std::optional<std::string> warning_of_split(const Split& split) {
  if (!split.validation) return std::nullopt;
  const std::vector<std::uint64_t> trained = class_counts(*split.training), held_out = class_counts(*split.validation);
  std::vector<std::string> untrained;
  for (std::size_t index = 0; index < trained.size(); ++index)
    if (trained[index] == 0 && held_out[index] > 0) untrained.push_back(split.training->class_names[index]);
  if (untrained.empty()) return std::nullopt;
  constexpr std::size_t most_named = 5;
  const std::size_t all = untrained.size();
  if (all > most_named) {
    untrained.resize(most_named);
    untrained.push_back(fmt::format("{} more", all - most_named));
  }
  return fmt::format(
      "the validation part, {} images, has classes that the training part lacks: {}; where images are sorted by class, "
      "{} stratified holds out some of each",
      with_commas(split.validation->size()), join_words(untrained), setting("validation"));
}

}  // namespace nib
