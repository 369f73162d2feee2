#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "terminal/terminal.h"

namespace nib {

/// scikit-learn's classification_report, character for character, from a confusion matrix (true class, predicted
/// class). Ends with a newline.
std::string classification_report(std::span<const std::uint64_t> confusion, const std::vector<std::string>& class_names,
                                  unsigned digits = 2);

/// The confusion matrix as a table: a row a true class, a column a predicted one. Class names are cut where the
/// terminal is too narrow for them, numbers never: what does not fit beside each other then follows below, with the
/// true classes again. Ends with a newline.
std::string confusion_table(std::span<const std::uint64_t> confusion, const std::vector<std::string>& class_names,
                            const Terminal& terminal);

}  // namespace nib
