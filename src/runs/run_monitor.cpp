#include "runs/run_monitor.h"

#include <fmt/core.h>

#include "encodings/json_reader.h"

namespace nib {

Monitor monitor_of(const Json& configuration, const History& history) {
  Monitor monitor = usual_monitor(history);
  if (const Json& figure = configuration["monitor"]; figure.is_text())
    monitor.figure = monitored_figure(figure.text()).value_or(monitor.figure);
  if (const Json& delta = configuration["min_delta"]; delta.is_number()) monitor.min_delta = delta.number();
  return monitor;
}

std::optional<std::uint32_t> patience_of(const Json& configuration) {
  const Json& patience = configuration["early_stopping"];
  return patience.is_whole() ? std::optional(static_cast<std::uint32_t>(patience.whole())) : std::nullopt;
}

std::optional<std::uint32_t> best_epoch(const RunRecord& record) {
  return best_epoch(record.history, monitor_of(record.configuration, record.history));
}

std::string early_stop_in_words(const RunRecord& record) {
  const std::optional<std::uint32_t> patience = patience_of(record.configuration);
  const Json& epochs = record.configuration["epochs"];
  if (!patience || !epochs.is_whole() || record.history.size() >= epochs.whole()) return {};
  const Monitor monitor = monitor_of(record.configuration, record.history);
  if (!stops_early(record.history, monitor, *patience)) return {};
  const std::optional<std::uint32_t> best = best_epoch(record.history, monitor);
  if (!best) return fmt::format("{} was no number in any epoch", word(monitor.figure));
  const std::size_t waited = record.history.size() - *best;
  return fmt::format("{} was not better than in epoch {} for {} epoch{}", word(monitor.figure), *best, waited,
                     waited == 1 ? "" : "s");
}

std::optional<std::uint32_t> epoch_of_weights(const RunRecord& record) {
  if (record.weights_epoch || record.history.empty()) return record.weights_epoch;
  return record.history.back().epoch;
}

bool has_mean_weights(const RunRecord& record) {
  return !record.configuration["ema"].is_null() && record.configuration["restore_best"] != Json(true);
}

std::string weights_in_words(const RunRecord& record) {
  const std::optional<std::uint32_t> epoch = epoch_of_weights(record), best = best_epoch(record);
  if (!epoch) return {};
  const std::string of_best =
      std::string("the best by ") + word(monitor_of(record.configuration, record.history).figure);
  if (has_mean_weights(record)) return fmt::format("means over the steps, up to the end of epoch {}", *epoch);
  if (*epoch != record.history.back().epoch) return fmt::format("epoch {}, {}", *epoch, of_best);
  if (epoch == best) return fmt::format("epoch {}, the last and {}", *epoch, of_best);
  return fmt::format("epoch {}, the last", *epoch) + (best ? fmt::format(" ({}: {})", of_best, *best) : "");
}

}  // namespace nib
