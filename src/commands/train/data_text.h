#pragma once

#include <string>

#include "data/catalogue.h"
#include "nib/dataset.h"
#include "terminal/terminal.h"

namespace nib {

/// Which images are for validation.
struct ValidationWords {
  std::string words{};   ///< "last 6,000 of 60,000, before shuffling"
  bool held_out = true;  ///< of the training images
};

/// The notebook's first steps in words: numbers of images, shapes before and after, what is held out, class counts.
std::string data_text(const DataCollection& source, const Split& split, const ValidationWords& validation,
                      const Dataset& test, const Terminal& terminal);

}  // namespace nib
