#pragma once

#include <string>
#include <vector>

#include "statistics/test_result.h"
#include "terminal/terminal.h"

namespace nib {

/// "Test loss: ..." and "Test accuracy: ...", a line each.
std::string test_lines(const TestResult& result);

/// The confusion matrix and the classification report, with `digits` decimals, under their headings. On a terminal that
/// is too narrow for it the report's columns stand closer.
std::string test_tables(const TestResult& result, const std::vector<std::string>& class_names, unsigned digits,
                        const Terminal& terminal);

}  // namespace nib
