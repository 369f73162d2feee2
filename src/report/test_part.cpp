#include "base/error.h"
#include "report/confusion_matrix.h"
#include "report/format.h"
#include "report/html_table.h"
#include "report/sections.h"
#include "runs/run_monitor.h"
#include "statistics/mistakes.h"

namespace nib {
namespace {

Html mistakes_table(const Predictions& predictions, const std::vector<std::string>& names) {
  constexpr std::size_t most = 10;
  HtmlTable table("Test images, numbered from 0, the most confident first",
                  {{"Image", true}, {"True"}, {"Predicted"}, {"Confidence, %", true}});
  for (const std::size_t image : most_confident_mistakes(predictions, most))
    table.add_row({html_text(std::to_string(image)), html_text(names.at(predictions.labels[image])),
                   html_text(names.at(predictions.predicted[image])),
                   html_text(percent_number(predictions.confidence(image)))});
  return table.html();
}

Html mistakes(const ReportContent& content) {
  const auto& predictions = content.predictions;
  if (!predictions) return {};
  const std::vector<std::string>& names = content.record.data.class_names;
  if (predictions->classes != names.size())
    throw input_error({.file = content.record_path,
                       .field = "data.class_names",
                       .problem = "does not fit the predictions",
                       .expected = std::to_string(predictions->classes) + " classes",
                       .got = std::to_string(names.size())});
  return mistakes_table(*predictions, names);
}

Html classification(const ReportContent& content) {
  if (content.classification.empty()) return {};
  return scroll_box("Classification report", html_element("pre", html_lines(content.classification)));
}

Html tested_weights(const RunRecord& record) {
  return record.test ? fact_list({{"Tested weights", weights_in_words(record)}}) : Html();
}

}  // namespace

Html test_part(const ReportContent& content) {
  return tested_weights(content.record) +
         wide_and_narrow(figure_named(content, "confusion"),
                         subsection("Most confused pairs", confused_pairs_table(content.record))) +
         folded("Confusion matrix in numbers", confusion_matrix_table(content.record)) +
         wide_and_narrow(figure_named(content, "per-class"), figure_named(content, "calibration")) +
         folded("Classification report", classification(content)) + figure_named(content, "predictions") +
         figure_named(content, "mistakes") + folded("Mistakes in numbers", mistakes(content)) +
         figure_named(content, "kernels") + further_figures(content);
}

}  // namespace nib
