#pragma once

#include <string>

#include "data/catalogue.h"
#include "data/set_figures.h"
#include "encodings/json.h"

namespace nib {

/// The figures of a set in words: a table of its parts, one of its classes, and the images that stand out.
std::string figures_text(const DataCollection& set, const SetFigures& figures);

/// The same as the keys `parts` and `across` of a document.
Json figures_json(const DataCollection& set, const SetFigures& figures);

}  // namespace nib
