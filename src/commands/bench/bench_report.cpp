#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "commands/bench/bench_measurement.h"
#include "encodings/json.h"
#include "machine/machine.h"
#include "statistics/quantile.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

std::string each(const std::vector<double>& seconds) {
  std::string text;
  for (const double value : seconds) text += fmt::format("{}{:.3f}", text.empty() ? "" : ", ", value);
  return text;
}

double phase_total(const BenchResult& result) {
  return std::accumulate(result.diagnostics.phases.begin(), result.diagnostics.phases.end(), 0.0,
                         [](double sum, const PhaseTime& phase) { return sum + phase.seconds; });
}

constexpr std::size_t label_width = 15;

/// "  234.5 GFLOP/s   82 %": the rate, and its share of the measured peak.
std::string rate_columns(double operations_per_second, double peak) {
  if (operations_per_second == 0 || peak == 0) return {};
  return fmt::format("  {:>6.1f} GFLOP/s  {:>4.0f} %", operations_per_second / 1e9, 100 * operations_per_second / peak);
}

double operations_per_second(const PhaseTime& phase) {
  return phase.seconds > 0 ? phase.operations / phase.seconds : 0.0;
}

std::string phase_table(const BenchResult& result) {
  std::size_t width = 5;
  for (const PhaseTime& phase : result.diagnostics.phases) width = std::max(width, phase.name.size());
  const double total = phase_total(result), steps = static_cast<double>(result.phase_steps);
  const double peak = result.diagnostics.peak;
  std::string text = fmt::format("\nTime per phase, mean of {} steps{}\n", result.phase_steps,
                                 peak > 0 ? "; the layers' arithmetic, and its share of the peak" : "");
  for (const PhaseTime& phase : result.diagnostics.phases)
    text += fmt::format("  {:<{}}  {:>8.3f} ms  {:>5.1f} %{}\n", phase.name, width, 1e3 * phase.seconds / steps,
                        100 * phase.seconds / total, rate_columns(operations_per_second(phase), peak));
  return text + fmt::format("  {:<{}}  {:>8.3f} ms         {}\n", "total", width, 1e3 * total / steps,
                            rate_columns(result.operations_per_second(), peak));
}

/// Both null where the arithmetic is not counted or no peak was measured.
void add_rate(Json& document, double operations_per_second, double peak) {
  const bool known = operations_per_second > 0 && peak > 0;
  document["gigaflops"] = known ? Json(operations_per_second / 1e9) : Json();
  document["share_of_peak"] = known ? Json(operations_per_second / peak) : Json();
}

Json phases_json(const BenchResult& result) {
  Json phases = Json::array();
  const double steps = static_cast<double>(result.phase_steps);
  for (const PhaseTime& phase : result.diagnostics.phases) {
    Json entry = {{"name", phase.name},
                  {"milliseconds", 1e3 * phase.seconds / steps},
                  {"operations", phase.operations > 0 ? Json(phase.operations / steps) : Json()}};
    add_rate(entry, operations_per_second(phase), result.diagnostics.peak);
    phases.push_back(std::move(entry));
  }
  return phases;
}

}  // namespace

std::string bench_text(const BenchResult& result, const Terminal& terminal) {
  std::string text = phase_table(result) + '\n';
  const auto line = [&](const char* name, const std::string& value) {
    text += fitted(fmt::format("{:<{}}{}\n", name, label_width, value), terminal, label_width);
  };
  line("engine", result.engine);
  line("training", fmt::format("{:.3f} s/epoch (median of {})", quantile(result.training_seconds, 0.5),
                               each(result.training_seconds)));
  line("validation", fmt::format("{:.3f} s/epoch (median of {})", quantile(result.validation_seconds, 0.5),
                                 each(result.validation_seconds)));
  line("speed", fmt::format("{} images/s", with_commas(static_cast<std::uint64_t>(result.images_per_second()))));
  if (!result.step_seconds.empty())
    line("step", fmt::format("{:.3f} ms (median), {:.3f} (p5), {:.3f} (p95)", 1e3 * quantile(result.step_seconds, 0.5),
                             1e3 * quantile(result.step_seconds, 0.05), 1e3 * quantile(result.step_seconds, 0.95)));
  line("start-up", fmt::format("{:.3f} s", result.start_up_seconds));
  if (result.diagnostics.peak > 0)
    line("peak",
         fmt::format("{:.1f} GFLOP/s (float32 multiply-adds in registers, measured)", result.diagnostics.peak / 1e9));
  if (!result.diagnostics.nodes.empty()) {
    std::vector<std::string> kinds;
    for (const Count& nodes : result.diagnostics.nodes) kinds.push_back(fmt::format("{} {}", nodes.count, nodes.name));
    line("captured step", fmt::format("{}", fmt::join(kinds, ", ")));
  }
  line("peak memory", fmt::format("{:.1f} MB", static_cast<double>(result.peak_memory) / 1e6));
  return text;
}

Json bench_json(const BenchResult& result) {
  const std::vector<double>& steps = result.step_seconds;
  Json step_milliseconds, graph;
  if (!steps.empty())
    step_milliseconds = {{"median", 1e3 * quantile(steps, 0.5)},
                         {"p5", 1e3 * quantile(steps, 0.05)},
                         {"p95", 1e3 * quantile(steps, 0.95)}};
  for (const Count& nodes : result.diagnostics.nodes) graph[nodes.name] = nodes.count;
  Json document = {{"version", NIB_VERSION},
                   {"program", program_json()},
                   {"machine", machine_json()},
                   {"engine", result.engine},
                   {"precision", result.engine.find(", TF32") != std::string::npos ? "tf32" : "fp32"},
                   {"kernels", result.options.device.kernels},
                   {"stream", result.options.device.stream},
                   {"fast", result.options.device.fast},
                   {"threads", result.options.device.threads},
                   {"batch", result.options.batch},
                   {"limit", result.options.limit > 0 ? Json(result.options.limit) : Json()},
                   {"seed", result.options.seed},
                   {"training_images", result.training_images},
                   {"validation_images", result.validation_images},
                   {"training_seconds", result.training_seconds},
                   {"training_seconds_median", quantile(result.training_seconds, 0.5)},
                   {"validation_seconds", result.validation_seconds},
                   {"validation_seconds_median", quantile(result.validation_seconds, 0.5)},
                   {"images_per_second", result.images_per_second()},
                   {"step_milliseconds", step_milliseconds},
                   {"start_up_seconds", result.start_up_seconds},
                   {"phases", phases_json(result)},
                   {"peak_gigaflops", result.diagnostics.peak > 0 ? Json(result.diagnostics.peak / 1e9) : Json()},
                   {"other_programs_share", result.diagnostics.kept_waiting},
                   {"graph", graph},
                   {"peak_memory_bytes", result.peak_memory}};
  add_rate(document, result.operations_per_second(), result.diagnostics.peak);
  return document;
}

}  // namespace nib
