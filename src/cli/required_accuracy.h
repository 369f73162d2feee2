#pragma once

#include <optional>

#include "cli/command_line.h"
#include "statistics/test_result.h"

namespace nib {

/// --require-accuracy X; `least` stays empty without it.
void add_required_accuracy_option(Command command, std::optional<double>& least);

/// Throws Error (check failed) where an accuracy was asked for that the test did not reach. Call it last: by then all
/// results are told and written.
void require_accuracy(std::optional<double> least, const TestResult& test);

}  // namespace nib
