#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "encodings/json.h"
#include "nib/parameters.h"
#include "runs/run_record.h"

namespace nib {

/// A value in which two documents differ, both as they would be told; "nothing" for one that is not there.
struct Difference {
  std::string field{};  ///< "history.loss[2]"
  std::string expected{}, got{};
};

/// Whether the value at a place, a key of the document or one further down, is to be looked at.
using Looked = std::function<bool(std::string_view field)>;

/// All values of `expected` that `got` has otherwise or not at all, in the order of `expected`; with `both`, then those
/// that `got` alone has.
std::vector<Difference> differences(const Json& expected, const Json& got, bool both, const Looked& looked);

/// Whether training a run again, by anyone anywhere, has to give what stands in its record at this place. The other
/// places tell when, where and on what it was made, how it was called and which files it left.
bool is_decided_by_training(std::string_view field);

/// What stands in a record of the weights at an epoch's end; `with_tensors`: see EpochWeights.
EpochWeights epoch_weights(const Parameters& weights, bool with_tensors = true);

/// The name of the first tensor in which `weights` are others than those that were recorded; empty where they are the
/// same, and "weights" where the record tells too little to name one.
std::string first_other_tensor(const EpochWeights& recorded, const Parameters& weights);

}  // namespace nib
