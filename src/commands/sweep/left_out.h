#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "runs/sweep_plan.h"

namespace nib {

/// The options of `nib train` that make no sense for many runs at once, with dashes, and what does instead.
std::span<const std::pair<const char*, const char*>> refused_options();

/// Those, and what a sweep has an option of its own for, without dashes.
std::vector<std::string> options_left_out();

/// A settings file is one of `nib train`. Throws Error (bad input) where it has one of these options, which a sweep's
/// own would go over without a word; else what reading it throws.
void check_settings_file(const std::string& file);

/// A plan may come from anyone. Throws Error (bad input) where it gives `nib train` one of these options.
void check_options(const SweepPlan& plan, const std::string& source);

}  // namespace nib
