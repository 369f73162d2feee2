#pragma once

#include <string>

#include "report/report_page.h"
#include "runs/sweep_plan.h"
#include "runs/sweep_table.h"

namespace nib {

struct SweepContent {
  const SweepPlan& plan;
  const SweepTable& table;
  std::string folder{};    ///< of the sweep
  bool all_tests = false;  ///< see SweepTable::shows_test()
  ReportFigure picture{};  ///< of sweep_picture(); without a name none, as there is nothing to draw
};

/// One HTML page that needs no other file and no network, like report_page(): what a sweep found, for a person to read.
std::string sweep_page(const SweepContent& content);

/// Why the setting was chosen, in a sentence or two; or why none was.
std::string choice_in_words(const SweepPlan& plan, const SweepTable& table);

}  // namespace nib
