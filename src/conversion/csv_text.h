#pragma once

#include <string>

#include "nib/dataset.h"

namespace nib {

/// A part as a table in Kaggle's manner: label,pixel0,pixel1,..., a row an image; without the first column where there
/// are no labels.
std::string csv_text(const Dataset& part);

}  // namespace nib
