#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/html.h"
#include "report/report_page.h"

namespace nib {

/// Names with what stands beside them.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// The title and the headline figures, and which pictures are missing.
Html report_header(const ReportContent& content);

/// The parts of the page; a part that has nothing to show is empty.
Html training_part(const ReportContent& content);
Html samples_part(const ReportContent& content);
Html network_part(const ReportContent& content);
Html configuration_part(const ReportContent& content);
Html test_part(const ReportContent& content);
Html timings_part(const ReportContent& content);
Html machine_part(const ReportContent& content);
Html data_part(const ReportContent& content);
Html reproduction_part(const ReportContent& content);

/// The picture with its caption; one that is missing is told by its title.
Html figure(const ReportFigure& figure);
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
/// The first on wide screens and on paper, the second, where there is one, on narrow ones.
Html wide_or_narrow(const Html& wide, const Html& narrow);
/// A headline figure, for a list of class "cards".
Html card(const std::string& name, const std::string& value, const std::string& note, const std::string& mark = {});
/// A heading of the third level with what belongs under it; nothing where that is empty.
Html subsection(const std::string& title, const Html& content);
/// Content under its title that is shown when a reader asks for it, and on paper; nothing where it is empty.
Html folded(const std::string& title, const Html& content);
/// Names with their values; those without a value are left out.
Html fact_list(const NamedTexts& facts);

}  // namespace nib
