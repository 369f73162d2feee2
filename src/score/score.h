#pragma once

#include <optional>
#include <span>
#include <string>

#include "nib/network.h"
#include "score/judge.h"

namespace nib {

/// How far a network's answers can be trusted, as found on validation images: kept with its weights, as text.
struct Score {
  double temperature = 1;        ///< see fitted_temperature()
  std::optional<Judge> judge{};  ///< none of a network that has no dense layer before the last, or of no digits
  double most_none = 1;          ///< digits are judged to be none by at most this, but for few; see fit_score()
  bool operator==(const Score&) const = default;
};

/// What a score says of one image.
struct Verdict {
  double probability = 0;            ///< of the likeliest class, calibrated
  std::optional<double> no_digit{};  ///< the judge's probability, 0 to 1, that it shows no single upright digit
  std::optional<Shown> shown{};      ///< what else, where that is over what digits have
  bool accepted() const;             ///< neither that, nor unsure
};

/// Below this probability of the likeliest class a network is not sure.
inline constexpr double least_sure = 0.5;

/// `input` is the judge's, and may be empty where the score has none.
Verdict verdict_of(const Score& score, std::span<const float> probabilities, std::span<const std::uint8_t> input);

/// One line of JSON, of 60 KB for the digits network; for the metadata of a weights file.
std::string score_text(const Score& score);
/// Throws Error (bad input) that names `source` and the field. `network` is the one of the weights.
Score parse_score(const std::string& text, const Network& network, const std::string& source);

}  // namespace nib
