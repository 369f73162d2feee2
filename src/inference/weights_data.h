#pragma once

#include <string>

#include "cli/streams.h"
#include "data/catalogue.h"
#include "formats/weights.h"

namespace nib {

/// --data where it was given, else the set that the weights were trained on. Throws Error (usage) when that set has no
/// name.
std::string data_for_weights(const std::string& option, const WeightsFile& file);

/// Weights that were trained on one set and are used on another are a mix-up more often than not: says so.
void warn_about_mixed_data(const WeightsFile& file, const DataCollection& source, Streams& streams);

}  // namespace nib
