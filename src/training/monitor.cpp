#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "nib/history.h"

#include "training/words.h"

namespace nib {
namespace {

constexpr Words<Monitored, 4> words = {{{Monitored::loss, "loss"},
                                        {Monitored::accuracy, "accuracy"},
                                        {Monitored::val_loss, "val_loss"},
                                        {Monitored::val_accuracy, "val_accuracy"}}};

}  // namespace

const char* word(Monitored figure) { return word_in(words, figure); }

std::optional<Monitored> monitored_figure(std::string_view word) { return value_in(words, word); }

bool is_of_validation(Monitored figure) { return figure == Monitored::val_loss || figure == Monitored::val_accuracy; }

double goodness(const EpochResult& epoch, Monitored figure) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  switch (figure) {
    case Monitored::loss:
      return -epoch.loss;
    case Monitored::accuracy:
      return epoch.accuracy;
    case Monitored::val_loss:
      return -epoch.validation_loss.value_or(missing);
    case Monitored::val_accuracy:
      return epoch.validation_accuracy.value_or(missing);
  }
  return missing;
}

Monitor usual_monitor(const History& history) {
  const bool validated =
      std::ranges::any_of(history, [](const EpochResult& epoch) { return epoch.validation_loss.has_value(); });
  return {.figure = validated ? Monitored::val_loss : Monitored::loss};
}

std::optional<std::uint32_t> best_epoch(const History& history, const Monitor& monitor) {
  double best = -std::numeric_limits<double>::infinity();
  std::optional<std::uint32_t> which;
  for (const EpochResult& epoch : history)
    if (const double now = goodness(epoch, monitor.figure); now - monitor.min_delta > best) {
      best = now;
      which = epoch.epoch;
    }
  return which;
}

bool stops_early(const History& history, const Monitor& monitor, std::uint32_t patience) {
  const std::size_t best = best_epoch(history, monitor).value_or(0), waited = history.size() - best;
  return history.size() > 1 && waited > 0 && waited >= patience;
}

}  // namespace nib
