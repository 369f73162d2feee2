#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/notes.h"
#include "engines/cpu/cpu_engine.h"
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
  explicit Trust(Classifier& classifier, unsigned threads = 1);

  bool has_score() const { return score_.has_value(); }
  bool has_judge() const { return score_ && score_->judge; }
  const Score& score() const { return *score_; }

  /// What the network makes of images of its size, (image, row, column), which go through it once for probabilities and
  /// judge. Throws Error, see Classifier::probabilities().
  struct Answer {
    std::vector<float> probabilities{};  ///< (image, class)
    std::optional<Verdict> verdict{};    ///< of the first image; nothing without a score
  };
  Answer answer(std::span<const std::uint8_t> pixels) const;

  /// Why the answer may be no digit's, in words, a line each. An image that looks like no digit is turned by a quarter
  /// to either side as well: where it is judged a digit then, that is said.
  std::vector<std::string> warnings(const Verdict& verdict, std::span<const std::uint8_t> pixels) const;

  /// Whether test() can be asked: there is a judge, and the classifier's network is on the host.
  bool can_test() const { return has_judge() && cpu::steps_of(classifier_.engine()); }

  /// evaluate_all() in which the images go through the classifier's network once for figures and judge. `inputs` gets
  /// what the judge is given, (image, byte).
  std::optional<Evaluation> test(const Dataset& images, std::vector<std::uint8_t>& inputs) const;

  /// On a labelled set; needs a score. `inputs` where test() made them.
  Coverage coverage_on(const Dataset& images, const Predictions& predictions,
                       std::span<const std::uint8_t> inputs = {}) const;

 private:
  /// Of images: the judge's input of the first ones, (image, byte), and all probabilities, (image, class).
  struct Features {
    std::vector<std::uint8_t> inputs{};
    std::vector<float> probabilities{};
  };
  cpu::FeatureReader& reader() const;
  Features features(const Dataset& images, std::size_t judged) const;
  Features features_of(std::span<const std::uint8_t> pixels) const;

  Classifier& classifier_;
  const WeightsFile& model_;
  std::optional<Score> score_;
  unsigned threads_;
  mutable std::unique_ptr<cpu::FeatureReader> reader_;  ///< for the judge: made when it is first asked, of the
                                                        ///< classifier's engine where that is on the host
};

}  // namespace nib
