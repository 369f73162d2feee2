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
#include "inference/classifier.h"
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

  /// What the network makes of one image of its size. Where there is a judge, the image goes through the network once
  /// for both, else through `classifier`'s. Throws Error, see Classifier::probabilities().
  struct Answer {
    std::vector<float> probabilities{};  ///< one a class
    std::optional<Verdict> verdict{};    ///< nothing without a score
  };
  Answer answer(std::span<const std::uint8_t> pixels, Classifier& classifier) const;

  /// Why the answer may be no digit's, in words, a line each. An image that looks like no digit is turned by a quarter
  /// to either side as well: where it is judged a digit then, that is said.
  std::vector<std::string> warnings(const Verdict& verdict, std::span<const std::uint8_t> pixels) const;

  /// On a labelled set; needs a score.
  Coverage coverage_on(const Dataset& images, const Predictions& predictions) const;

 private:
  /// Of images: the judge's input, (image, byte), and (image, class).
  struct Features {
    std::vector<std::uint8_t> inputs{};
    std::vector<float> probabilities{};
  };
  Features features(const Dataset& images) const;
  Features features_of(std::span<const std::uint8_t> pixels) const;

  const WeightsFile& model_;
  std::optional<Score> score_;
  unsigned threads_;
  mutable std::unique_ptr<cpu::FeatureReader> reader_;  ///< of the judge: made when it is first asked
};

}  // namespace nib
