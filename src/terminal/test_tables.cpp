#include "terminal/test_tables.h"

#include <fmt/core.h>

#include "base/text.h"
#include "terminal/classification.h"

namespace nib {

std::string test_lines(const TestResult& result) {
  return fmt::format("Test loss: {:.6f}\nTest accuracy: {:.4f} ({} of {})\n", result.loss, result.accuracy,
                     with_commas(result.correct), with_commas(result.images));
}

std::string test_tables(const TestResult& result, const std::vector<std::string>& class_names, unsigned digits,
                        const Terminal& terminal) {
  return fmt::format("Confusion matrix\n{}\nClassification report\n{}",
                     confusion_table(result.confusion, class_names, terminal),
                     classification_report(result.confusion, class_names, digits));
}

}  // namespace nib
