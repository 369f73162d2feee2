#pragma once

#include <string>

#include "data/catalogue.h"
#include "nib/dataset.h"
#include "terminal/terminal.h"

namespace nib {

/// The notebook's first steps in words: numbers of images, shapes before and after, what is held out, class counts.
std::string data_text(const DataCollection& source, const Split& split, const Dataset& test, const Terminal& terminal);

}  // namespace nib
