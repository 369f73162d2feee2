#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/html.h"
#include "report/report_page.h"

namespace nib {

/// Names with what stands beside them.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// What the sections are made from.
struct ReportSource {
  const RunRecord& run;
  const ReportContent& content;
};

/// The title and the headline figures, and which pictures are missing.
Html report_header(const ReportSource& source);

/// The parts of the page; a part that has nothing to show is empty.
Html training_part(const ReportSource& source);
Html samples_part(const ReportSource& source);
Html network_part(const ReportSource& source);
Html configuration_part(const ReportSource& source);
Html test_part(const ReportSource& source);
Html timings_part(const ReportSource& source);
Html machine_part(const ReportSource& source);
Html data_part(const ReportSource& source);
Html reproduction_part(const ReportSource& source);

/// The picture of this name with its title and caption; nothing where the report has none of the name.
Html figure_named(const ReportContent& content, const std::string& name);
/// The pictures whose names have no place of their own.
Html further_figures(const ReportContent& content);
/// "Pictures missing: samples and kernels." or nothing.
Html missing_figures(const ReportContent& content);

/// Blocks side by side where all of each fits; those that are empty are left out.
Html side_by_side(const std::vector<Html>& blocks);
/// On wide screens side by side, the second in its own width and the first in what that leaves; else, and where one is
/// empty, below each other.
Html wide_and_narrow(const Html& wide, const Html& narrow);
/// A heading of the third level with what belongs under it; nothing where that is empty.
Html subsection(const std::string& title, const Html& content);
/// Names with their values; those without a value are left out.
Html fact_list(const NamedTexts& facts);

}  // namespace nib
