#include <fmt/core.h>

#include <algorithm>

#include "commands/bench/bench_measurement.h"
#include "encodings/json.h"
#include "statistics/quantile.h"

namespace nib {
namespace {

double epoch_seconds(const BenchResult& result) { return quantile(result.training_seconds, 0.5); }

unsigned threads_of(const BenchResult& result) { return result.options.device.threads; }

/// What all are compared with.
const BenchResult& fewest_threads(const std::vector<BenchResult>& results) {
  return *std::ranges::min_element(results, {}, threads_of);
}

double speed_up(const BenchResult& result, const BenchResult& base) {
  return epoch_seconds(base) / epoch_seconds(result);
}

/// The share of what as many times the threads would bring at best.
double efficiency(const BenchResult& result, const BenchResult& base) {
  return speed_up(result, base) * threads_of(base) / threads_of(result);
}

}  // namespace

std::string scaling_text(const std::vector<BenchResult>& results) {
  const BenchResult& base = fewest_threads(results);
  std::string text = fmt::format("\nTraining by threads, beside {}\n  {:>7}  {:>7}  {:>8}  {:>10}  {:>7}  {:>7}\n",
                                 threads_of(base), "threads", "s/epoch", "speed-up", "efficiency", "GFLOP/s", "peak");
  for (const BenchResult& result : results)
    text += fmt::format("  {:>7}  {:>7.3f}  {:>8.2f}  {:>8.0f} %  {:>7.1f}  {:>7.1f}\n", threads_of(result),
                        epoch_seconds(result), speed_up(result, base), 100 * efficiency(result, base),
                        result.operations_per_second() / 1e9, result.diagnostics.peak / 1e9);
  return text;
}

Json scaling_json(const std::vector<BenchResult>& results) {
  const BenchResult& base = fewest_threads(results);
  Json scaling = Json::array();
  for (const BenchResult& result : results)
    scaling.push_back({{"threads", threads_of(result)},
                       {"training_seconds", result.training_seconds},
                       {"training_seconds_median", epoch_seconds(result)},
                       {"speed_up", speed_up(result, base)},
                       {"efficiency", efficiency(result, base)},
                       {"gigaflops", result.operations_per_second() / 1e9},
                       {"peak_gigaflops", result.diagnostics.peak / 1e9}});
  return scaling;
}

std::string scaling_text(const RankScaling& scaling) {
  const BenchResult& base = scaling.strong.front();
  std::string text = fmt::format(
      "\nTraining by ranks of {} thread{} each, beside 1 rank\n  {:>7}  {:>7}  {:>7}  {:>8}  {:>10}\n",
      threads_of(base), threads_of(base) == 1 ? "" : "s", "ranks", "batch", "s/epoch", "speed-up", "efficiency");
  const auto add = [&](const BenchResult& result) {
    const double faster = speed_up(result, base);
    text += fmt::format("  {:>7}  {:>7}  {:>7.3f}  {:>8.2f}  {:>8.0f} %\n", result.ranks, result.options.batch,
                        epoch_seconds(result), faster, 100 * faster / result.ranks);
  };
  for (const BenchResult& result : scaling.strong) add(result);
  if (scaling.weak.empty()) return text;
  text += fmt::format("  with {} images a rank and step\n", base.options.batch);
  for (const BenchResult& result : scaling.weak) add(result);
  return text;
}

Json scaling_json(const RankScaling& scaling) {
  const BenchResult& base = scaling.strong.front();
  const auto all = [&](const std::vector<BenchResult>& results) {
    Json array = Json::array();
    for (const BenchResult& result : results)
      array.push_back({{"ranks", result.ranks},
                       {"batch", result.options.batch},
                       {"threads", threads_of(result)},
                       {"training_seconds", result.training_seconds},
                       {"training_seconds_median", epoch_seconds(result)},
                       {"speed_up", speed_up(result, base)},
                       {"efficiency", speed_up(result, base) / result.ranks}});
    return array;
  };
  return {{"strong", all(scaling.strong)}, {"weak", all(scaling.weak)}};
}

}  // namespace nib
