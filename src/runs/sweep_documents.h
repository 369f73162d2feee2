#pragma once

#include <string>

#include "encodings/json.h"
#include "runs/sweep_plan.h"
#include "runs/sweep_table.h"

namespace nib {

/// What a sweep leaves for programs. Test figures of others than the chosen setting are in them with `all_tests` alone,
/// see SweepTable::shows_test(); columns and keys are the same without, their values empty.

/// sweep.csv: a line for each setting with its values and figures, in the order of the plan.
std::string sweep_csv(const SweepPlan& plan, const SweepTable& table, bool all_tests);
/// sweep_runs.csv: a line for each run.
std::string sweep_runs_csv(const SweepPlan& plan, const SweepTable& table, bool all_tests);
/// sweep.json, see docs/json.md.
Json sweep_json(const SweepPlan& plan, const SweepTable& table, bool all_tests);

}  // namespace nib
