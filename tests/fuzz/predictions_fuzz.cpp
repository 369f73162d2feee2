// Any bytes, taken as test_predictions.csv: refused with an Error, or predictions that are the same after they were
// written and read again, and of which figures can be worked out.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "statistics/calibration.h"
#include "statistics/mcnemar.h"
#include "statistics/mean_loss.h"
#include "statistics/mistakes.h"
#include "statistics/predictions_csv.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

nib::Predictions read(std::string_view text) {
  const std::string name = "input";
  return nib::read_predictions_csv(text, name);
}

void check_figures(const nib::Predictions& predictions) {
  const std::vector<std::uint64_t> matrix = nib::confusion_matrix(predictions);
  check(std::accumulate(matrix.begin(), matrix.end(), std::uint64_t{0}) == predictions.size());
  check(std::isfinite(nib::calibration(predictions).expected_error));
  check(std::isfinite(nib::mean_loss(predictions).loss));
  check(nib::mcnemar(predictions, predictions).p_value == 1);
  check(nib::most_confident_mistakes(predictions, 10).size() <= 10);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::optional<nib::Predictions> predictions;
  try {
    predictions = read({reinterpret_cast<const char*>(data), size});
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
    return 0;
  }
  check_figures(*predictions);
  const nib::Predictions again = read(nib::predictions_csv(*predictions));
  check(again.classes == predictions->classes && again.labels == predictions->labels);
  check(again.predicted == predictions->predicted && again.probabilities == predictions->probabilities);
  return 0;
}
