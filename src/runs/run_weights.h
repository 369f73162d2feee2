#pragma once

#include "base/notes.h"
#include "formats/weights.h"

namespace nib {

/// Says in a line where the weights are from the folder of a run, but not those that its record names: a file that was
/// copied there, or left by another run. `weights_sha256` of the record, and of its `best`, is the hash of the numbers.
void warn_of_other_weights(const WeightsFile& model, Notes& notes);

}  // namespace nib
