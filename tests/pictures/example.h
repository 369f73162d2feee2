#pragma once

#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "nib/dataset.h"
#include "nib/training.h"
#include "statistics/predictions.h"

namespace nib {

/// A run of ten classes that was never trained, the same everywhere: 500 synthetic images of which 37 are predicted
/// wrongly, with probabilities between 0.3 and 1.
struct ExampleRun {
  ExampleRun();
  Dataset images;
  Predictions predictions;
  History history;  ///< five epochs with validation, the fourth the best
};

/// All texts of a drawing in their order.
std::vector<std::string> texts_of(const Drawing& drawing);

/// The hints of all elements that have one.
std::vector<std::string> hints_of(const Drawing& drawing);

/// The element with an id; throws std::out_of_range when there is none.
const Element& element_of(const Drawing& drawing, const std::string& id);

}  // namespace nib
