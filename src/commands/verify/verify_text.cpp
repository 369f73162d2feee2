#include "commands/verify/verify_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "parity/gates.h"

namespace nib {
namespace {

const char* verdict(bool within) { return within ? "ok" : "outside"; }

}  // namespace

std::string replay_table(std::span<const ParityRow> rows) {
  std::size_t width = 0;
  for (const ParityRow& row : rows) width = std::max(width, row.figure.size());
  std::string text = fmt::format("{:<{}}  {:>11}  {:>11}  {:>10}  {:>6}  verdict\n", "figure", width, "peer", "nib",
                                 "difference", "gate");
  for (const ParityRow& row : rows)
    text += fmt::format("{:<{}}  {:>11.8f}  {:>11.8f}  {:>10.1e}  {:>6.0e}  {}\n", row.figure, width, row.peer, row.nib,
                        row.difference, row.gate, verdict(row.within()));
  return text;
}

std::string comparison_table(const std::string& first, const std::string& second,
                             const PredictionDifference& difference) {
  constexpr const char* row = "{:<36}  {:>10.1e}  {:>6.0e}  {}\n";
  std::string text = fmt::format("{}\n{}\n", first, second);
  text += fmt::format("{:<36}  {:>10}  {:>6}  verdict\n", "largest difference of", "found", "gate");
  text += fmt::format(row, "probabilities", difference.probability, probability_gate,
                      verdict(difference.probability <= probability_gate));
  text += fmt::format(row, "their logarithms (so of logits)", difference.log_probability, log_probability_gate,
                      verdict(difference.log_probability <= log_probability_gate));
  text += fmt::format("{:<36}  {:>10}  {:>6}  {}\n",
                      fmt::format("changed predictions, of {}", with_commas(difference.images)),
                      with_commas(difference.changed), 0, verdict(difference.changed == 0));
  if (difference.first_changed) text += fmt::format("the first changed image is {}\n", *difference.first_changed);
  return text;
}

}  // namespace nib
