#include "report/run_report.h"

#include <filesystem>
#include <utility>

#include "data/description.h"
#include "drawing/svg.h"
#include "report/report_page.h"
#include "terminal/classification.h"

namespace nib {
PictureTitle picture_title(const RunRecord& record, const Network& network) {
  std::string data = record.data.title.empty() ? record.data.name : record.data.title;
  if (record.data.limit && !data.empty()) data += ", " + limit_in_words(*record.data.limit);
  return {.data = std::move(data),
          .network = network_in_words(network),
          .result = record.test ? result_in_words(*record.test) : "",
          .run = record.folder.empty() ? "" : "run " + std::filesystem::path(record.folder).filename().string()};
}

std::string run_report(const RunRecord& record, const std::string& record_path, const Network& network,
                       const Predictions& predictions, const std::vector<RunPicture>& pictures,
                       const Json& default_settings) {
  ReportContent content{.record = record,
                        .record_path = record_path,
                        .predictions = record.test ? std::optional(predictions) : std::nullopt,
                        .network = network,
                        .default_settings = default_settings,
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
