#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nib {

/// One epoch's figures. Loss and accuracy are running means over the epoch's images while the weights move;
/// the validation figures are those of the weights at its end.
struct EpochResult {
  std::uint32_t epoch = 0;  ///< from 1
  double loss = 0, accuracy = 0;
  std::optional<double> validation_loss{}, validation_accuracy{};
  std::optional<double> learning_rate{};  ///< of its last step, in a run whose rate may change; else of no epoch
  double seconds = 0;                     ///< training and validation, wall clock
  double training_seconds = 0;            ///< training alone
};

using History = std::vector<EpochResult>;

/// The figure that tells which epoch is the best: of a loss the lowest, of an accuracy the highest.
enum class Monitored : std::uint8_t { loss, accuracy, val_loss, val_accuracy };
/// As the history's files call it: "val_loss".
const char* word(Monitored figure);
std::optional<Monitored> monitored_figure(std::string_view word);
bool is_of_validation(Monitored figure);
/// The figure as one of which more is better; NaN where the epoch has none.
double goodness(const EpochResult& epoch, Monitored figure);

/// How epochs are compared, as in Keras's EarlyStopping: an epoch is better than the best before it where its figure is
/// so by more than `min_delta`. One whose figure is missing or no number is never better.
struct Monitor {
  Monitored figure = Monitored::val_loss;
  double min_delta = 0;
};

/// By the validation loss, or of a history without one by the loss.
Monitor usual_monitor(const History& history);

/// The best epoch, of several that are equal the first; nothing where none has such a figure.
std::optional<std::uint32_t> best_epoch(const History& history, const Monitor& monitor);

/// Whether a run that may go on for `patience` epochs without a better one ends behind this history. As in Keras, no
/// run ends behind its first epoch, and a patience of 0 is one of 1.
bool stops_early(const History& history, const Monitor& monitor, std::uint32_t patience);

}  // namespace nib
