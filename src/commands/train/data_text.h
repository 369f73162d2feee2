#pragma once

#include <string>

#include "data/catalogue.h"
#include "nib/dataset.h"
#include "terminal/terminal.h"
#include "training/split.h"

namespace nib {

/// The notebook's first steps in words: numbers of images, shapes before and after, what is held out and which of the
/// images that are, class counts.
std::string data_text(const DataCollection& source, const Split& split, HeldOut which, const Dataset& test,
                      const Terminal& terminal);

}  // namespace nib
