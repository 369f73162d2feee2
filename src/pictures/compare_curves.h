#pragma once

#include <span>
#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "nib/training.h"

namespace nib {

inline constexpr const char* compare_curves_name = "compare-curves";

struct NamedHistory {
  std::string name;
  const History& history;
};

/// The curves of up to eight runs over each other: accuracy on the left and loss on the right, of validation where a
/// run has it, else of training. `about` stands below the title, see with_title().
Drawing compare_curves_picture(std::span<const NamedHistory> runs, const std::vector<std::string>& about = {});

}  // namespace nib
