#include "report/run_report.h"

#include "drawing/svg.h"
#include "report/report_page.h"
#include "terminal/classification.h"
#include "terminal/summary_table.h"

namespace nib {
namespace {

constexpr unsigned narrow_columns = 52;  ///< of the layer table: what a phone shows in letters that can be read

}  // namespace

std::string run_report(const RunRecord& record, const std::string& record_path, const Network& network,
                       const Predictions& predictions, const std::vector<RunPicture>& pictures) {
  ReportContent content{.record = record,
                        .record_path = record_path,
                        .predictions = record.test ? std::optional(predictions) : std::nullopt,
                        .parameters = parameter_count(network),
                        .summary = summary_table(network, {.utf8 = true}),
                        .narrow_summary = summary_table(network, {.utf8 = true, .columns = narrow_columns}),
                        .classification = {},
                        .figures = {}};
  if (record.test)
    content.classification = classification_report(confusion_matrix(predictions), record.data.class_names);
  for (const RunPicture& picture : pictures)
    content.figures.push_back({.name = picture.name,
                               .title = picture.title,
                               .caption = picture.caption,
                               .svg = picture.drawing ? to_svg(*picture.drawing) : "",
                               .narrow_svg = picture.narrow ? to_svg(*picture.narrow) : ""});
  return report_page(content);
}

}  // namespace nib
