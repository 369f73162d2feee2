#pragma once

#include <string>

#include "cli/streams.h"
#include "runs/output_folder.h"
#include "runs/sweep_plan.h"
#include "runs/sweep_table.h"

namespace nib {

/// What a sweep's commands may write into its folder beside the plan.
std::vector<std::string> sweep_results();

/// Writes tables, document, picture and page into the sweep's folder.
void write_results(const SweepPlan& plan, const SweepTable& table, bool all_tests, OutputFolder& folder,
                   Streams& streams);

/// The table of the settings, the choice and its test result, for a terminal.
std::string result_text(const SweepPlan& plan, const SweepTable& table, bool all_tests, const Terminal& terminal);

/// Throws Error for what a sweep's exit code has to tell: runs that failed, then runs that are not there yet.
void require_finished(const SweepPlan& plan, const SweepTable& table, const std::string& folder);

}  // namespace nib
