#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/catalogue.h"
#include "data/description.h"
#include "inference/evaluation.h"
#include "nib/dataset.h"
#include "terminal/terminal.h"

namespace nib {

/// The notebook's first steps in words: numbers of images, shapes before and after, what is held out, class counts.
std::string data_text(const DataCollection& source, const Split& split, const Dataset& test);

/// The first nine images with their labels.
std::string sample_grid(const Dataset& dataset, const Terminal& terminal);

/// The first nine images with predicted and true class.
std::string prediction_grid(const Dataset& dataset, const Evaluation& evaluation, const Terminal& terminal);

}  // namespace nib
