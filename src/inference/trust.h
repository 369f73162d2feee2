#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/notes.h"
#include "engines/cpu/features.h"
#include "formats/weights.h"
#include "score/coverage.h"
#include "score/score.h"

namespace nib {

/// How far the answers of a model can be trusted, by the score that its file has.
class Trust {
 public:
  /// Throws Error (bad input), naming the model's file, for a score that is none. A file without one, or with one
  /// without a judge, is all right: `has_score()` and `has_judge()` tell.
  explicit Trust(const WeightsFile& model, unsigned threads = 1);

  bool has_score() const { return score_.has_value(); }
  bool has_judge() const { return score_ && score_->judge; }
  const Score& score() const { return *score_; }

  /// Of one image of the network's size and its probabilities; nothing without a score.
  std::optional<Verdict> verdict(std::span<const std::uint8_t> pixels, std::span<const float> probabilities) const;

  /// Why the answer may be no digit's, in words, a line each. An image that looks like no digit is turned by a quarter
  /// to either side as well: where it is judged a digit then, that is said.
  std::vector<std::string> warnings(const Verdict& verdict, std::span<const std::uint8_t> pixels) const;

  /// On a labelled set; needs a score.
  Coverage coverage_on(const Dataset& images, const Predictions& predictions) const;

 private:
  /// The judge's input: (image, byte).
  std::vector<std::uint8_t> inputs(const Dataset& images) const;
  std::vector<std::uint8_t> input_of(std::span<const std::uint8_t> pixels) const;

  const WeightsFile& model_;
  std::optional<Score> score_;
  std::unique_ptr<cpu::FeatureReader> reader_;  ///< where there is a judge
};

}  // namespace nib
