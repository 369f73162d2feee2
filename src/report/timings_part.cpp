#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "report/format.h"
#include "report/html_table.h"
#include "report/sections.h"

namespace nib {
namespace {

struct Phase {
  std::string name;
  double seconds = 0;
  bool part = false;  ///< of the phase before it
};

/// Each epoch; of many only the fastest, the median and the slowest.
std::vector<Phase> epoch_phases(const History& history) {
  constexpr std::size_t most = 20;
  std::vector<Phase> phases;
  for (const EpochResult& epoch : history)
    if (!std::isnan(epoch.seconds)) phases.push_back({fmt::format("Epoch {}", epoch.epoch), epoch.seconds, true});
  if (phases.size() <= most) return phases;
  std::ranges::stable_sort(phases, {}, &Phase::seconds);
  const auto named = [](const char* which, const Phase& phase) {
    return Phase{fmt::format("{}: {}", which, phase.name), phase.seconds, true};
  };
  return {named("Fastest", phases.front()), named("Median", phases[phases.size() / 2]),
          named("Slowest", phases.back())};
}

std::vector<Phase> phases_of(const RunRecord& run) {
  const PhaseSeconds& seconds = run.seconds;
  std::vector<Phase> phases;
  const auto add = [&](const char* name, std::optional<double> value) {
    if (value) phases.push_back({name, *value});
  };
  if (seconds.until_first_step)
    add("Start: program, device, network", *seconds.until_first_step - seconds.data.value_or(0));
  add("Data: reading and checking", seconds.data);
  add("Training", seconds.training);
  std::ranges::copy(epoch_phases(run.history), std::back_inserter(phases));
  add("Test", seconds.test);
  add("Pictures", seconds.pictures);
  return phases;
}

/// Adds what the phases leave of the total, such as the writing of files.
void add_rest(std::vector<Phase>& phases, const PhaseSeconds& seconds) {
  constexpr double shown = 0.0005;  // what rounds to a millisecond
  double rest = seconds.total.value_or(0);
  for (const Phase& phase : phases) rest -= phase.part ? 0 : phase.seconds;
  if (seconds.until_first_step && seconds.training && rest >= shown) phases.push_back({"Files and all else", rest});
}

Html bar(double share) {
  const std::string width = fmt::format("--share:{:.2f}%", 100 * std::clamp(share, 0.0, 1.0));
  return html_element("span", {{"class", "bar"}, {"style", width}}, Html());
}

}  // namespace

Html timings_part(const ReportContent& content) {
  std::vector<Phase> phases = phases_of(content.record);
  add_rest(phases, content.record.seconds);
  double longest = 0;
  for (const Phase& phase : phases) longest = std::max(longest, phase.seconds);
  HtmlTable table(content.record.stops.empty()
                      ? "Wall-clock time of each phase, validation included in the epochs"
                      : "Wall-clock time of each phase since the last stop, and of each epoch, validation included",
                  {{"Phase"}, {"Time", true}, {"Compared"}});
  for (const Phase& phase : phases)
    table.add_row(
        {html_text(phase.name), html_text(duration(phase.seconds)), bar(longest > 0 ? phase.seconds / longest : 0)},
        phase.part ? "part" : "");
  if (content.record.seconds.total)
    table.add_row({html_text("Total"), html_text(duration(*content.record.seconds.total)), Html()}, "total");
  return table.html();
}

}  // namespace nib
