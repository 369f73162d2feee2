#pragma once

#include <string>

#include "inference/model.h"

namespace nib {

/// As data_for_model(), but where no data are named and `weights` is the folder of a run on a set without a name, or
/// with `best` a file in it, the set is the one that its record names, pictures prepared as they were for the run. That
/// is told as a warning: nobody else may have chosen it.
DataChoice data_for_weights(const std::string& weights, bool best, DataChoice choice, const WeightsFile& model,
                            Notes& notes);

}  // namespace nib
