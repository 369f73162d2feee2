#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/index_range.h"
#include "formats/weights.h"

namespace nib {

inline constexpr std::string_view to_standard_output = "-";

struct PredictOptions {
  std::string weights;
  std::vector<std::string> images;  ///< files, folders, "-" for standard input
  std::string data;
  std::string network;
  std::optional<FlattenOrder> flatten;
  std::optional<IndexRange> range;
  std::string out, csv;
  bool best = false;     ///< the weights of a run's best epoch
  bool several = false;  ///< all digits of a picture, not one
  bool as_is = false, prepare = false, force = false, json = false, quiet = false;
  bool lines = false;  ///< images come and answers go line by line
};

/// nib predict WEIGHTS --data ... --index ...: images of a test set, or with --csv a table of all.
int predict_set(const PredictOptions& options);

/// nib predict WEIGHTS IMAGE...: a user's own images.
int predict_images(const PredictOptions& options);

/// nib predict WEIGHTS - --jsonl: a line of standard input names or holds an image, a line of JSON answers it at once,
/// until the input ends.
int serve(const PredictOptions& options);

}  // namespace nib
