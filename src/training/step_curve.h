#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "nib/engine.h"

namespace nib {

/// How a run went within its epochs: the sums over so many steps each, of which there are at most `most_parts`, however
/// long the run is. A function of the steps alone: a run that stopped and went on has the same curve.
struct StepCurve {
  static constexpr std::size_t most_parts = 200;  ///< even

  /// `width` steps in a row, of the last part maybe fewer.
  struct Part {
    std::uint64_t images = 0, correct = 0;
    double loss_sum = 0;
    bool operator==(const Part&) const = default;
  };

  std::uint64_t width = 1, steps = 0;  ///< of a part, and over the run so far
  std::vector<Part> parts{};

  /// Counts one more step. Where there are parts enough, two each become one of double width.
  void add(const StepResult& step);

  bool operator==(const StepCurve&) const = default;
};

/// `steps`, `width`, and an array each of `images`, `correct` and `loss_sum` of the parts.
Json to_json(const StepCurve& curve);

/// Reads it back. Throws Error (bad input) naming the key of what is no such curve.
StepCurve step_curve(const JsonReader& value);

}  // namespace nib
