#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/text.h"
#include "data/description.h"
#include "report/format.h"
#include "report/sections.h"
#include "statistics/intervals.h"
#include "statistics/quantile.h"

namespace nib {
namespace {

Html accuracy_cards(const RunRecord& record) {
  const TestResult& test = *record.test;
  Html cards;
  if (test.images > 0) {
    const Interval interval = wilson_interval(test.correct, test.images);
    cards += card("Test accuracy", percent(static_cast<double>(test.correct) / static_cast<double>(test.images)),
                  fmt::format("95 % interval {} to {}", percent_number(interval.low), percent(interval.high)), "main");
    cards += card("Errors", with_commas(test.images - test.correct),
                  fmt::format("of {} test images", with_commas(test.images)));
  } else if (!std::isnan(test.accuracy)) {
    cards += card("Test accuracy", percent(test.accuracy), "", "main");
  }
  const std::string words = record.configuration["label_smoothing"].is_null()
                                ? "cross-entropy, mean"
                                : "cross-entropy with smoothed labels, mean";
  const bool penalized = !record.configuration["l2"].is_null();
  if (!std::isnan(test.loss))
    cards += card("Test loss", four_decimals(test.loss), penalized ? words + ", and the L2 penalty" : words);
  return cards;
}

std::optional<double> median_seconds(const History& history) {
  std::vector<double> numbers;
  for (const EpochResult& epoch : history)
    if (!std::isnan(epoch.seconds)) numbers.push_back(epoch.seconds);
  return numbers.empty() ? std::nullopt : std::optional(quantile(std::move(numbers), 0.5));
}

std::string epochs_text(std::size_t epochs) {
  return fmt::format("{} epoch{}", with_commas(epochs), epochs == 1 ? "" : "s");
}

Html time_cards(const RunRecord& run) {
  Html cards;
  if (run.seconds.training)
    cards += card("Training time", duration(*run.seconds.training),
                  run.stops.empty() ? epochs_text(run.history.size()) : "since the last stop");
  if (const auto middle = median_seconds(run.history)) cards += card("Time per epoch", duration(*middle), "median");
  return cards;
}

Html device_card(const RunRecord& run) {
  if (run.engine.empty()) return {};
  const std::size_t comma = std::min(run.engine.find(", "), run.engine.size());
  const std::string details = comma < run.engine.size() ? run.engine.substr(comma + 2) : "";
  const std::string device = run.engine.substr(0, comma);
  return card("Device", device == "cpu" ? "CPU" : device, details, "words");
}

Html headline_figures(const ReportContent& content) {
  Html cards;
  if (content.record.test) cards += accuracy_cards(content.record);
  cards += time_cards(content.record);
  cards += device_card(content.record);
  return cards.empty() ? cards : html_element("dl", {{"class", "cards"}}, cards);
}

Html lead(const RunRecord& run) {
  Html text;
  if (!run.started.empty())
    text +=
        html_text("Trained on ") + html_element("time", {{"datetime", run.started}}, html_text(long_date(run.started)));
  if (!run.folder.empty()) text += html_text(text.empty() ? "Folder " : " in ") + html_element("code", run.folder);
  if (run.data.limit) text += html_text((text.empty() ? "On " : ", on ") + limit_in_words(*run.data.limit) + " only");
  return text.empty() ? text : html_element("p", {{"class", "lead"}}, text + html_text("."));
}

Html status_line(const RunRecord& run) {
  if (run.status == RunStatus::finished) {
    if (run.test || run.data.images.empty() || has_test_part(run.data)) return {};
    return html_element("p", {{"class", "notice"}}, html_text("The data have no test part: the run was not tested."));
  }
  const std::string reason = run.reason.empty() ? "" : ": " + run.reason;
  return html_element("p", {{"class", "notice"}},
                      html_text("This run is not finished, but " + std::string(word(run.status)) + reason + "."));
}

/// Of many stops the last ones.
Html stops_line(const std::vector<RunStop>& stops) {
  constexpr std::size_t most = 5;
  if (stops.empty()) return {};
  Html text = html_text(stops.size() == 1      ? "Stopped "
                        : stops.size() <= most ? fmt::format("Stopped {} times: ", stops.size())
                                               : fmt::format("Stopped {} times, at last ", with_commas(stops.size())));
  for (std::size_t i = stops.size() - std::min(stops.size(), most); i < stops.size(); ++i) {
    const RunStop& stop = stops[i];
    text += html_text(fmt::format("after step {}{}, resumed ", with_commas(stop.step),
                                  stop.reason.empty() ? "" : " (" + stop.reason + ")")) +
            html_element("time", {{"datetime", stop.resumed}}, html_text(long_date(stop.resumed))) +
            html_text(i + 1 < stops.size() ? "; " : ".");
  }
  return html_element("p", {{"class", "lead"}}, text);
}

}  // namespace

Html report_header(const ReportContent& content) {
  const RunRecord& run = content.record;
  const std::string& name = run.data.title.empty() ? run.data.name : run.data.title;
  return html_element("header", html_element("p", {{"class", "kind"}}, html_text("Training report")) +
                                    html_element("h1", name.empty() ? "Training run" : name) + lead(run) +
                                    stops_line(run.stops) + status_line(run) + headline_figures(content) +
                                    missing_figures(content));
}

}  // namespace nib
