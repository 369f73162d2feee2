#include "commands/train/best_keeper.h"

#include <fmt/core.h>

#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/flags.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// The weights that the checkpoint's record names, from the file beside it; nothing where that has others or is
/// damaged.
std::optional<Parameters> weights_beside(const FoundCheckpoint& found, std::uint32_t epoch) {
  const std::optional<BestWeights>& best = found.checkpoint.record.best;
  if (!best || best->epoch != epoch) return std::nullopt;
  try {
    WeightsFile file = read_weights(found.file.parent_path() / best_file, {.network = found.checkpoint.model.network});
    if (weights_sha256(file.parameters) == best->weights_sha256) return std::move(file.parameters);
  } catch (const Error&) {
    return std::nullopt;  // told as lost
  }
  return std::nullopt;
}

}  // namespace

void BestKeeper::take_up(const FoundCheckpoint& found) {
  const TrainingPosition& position = found.checkpoint.position;
  const std::optional<std::uint32_t> best = best_epoch(position.history, monitor_);
  if (!best) return;
  if (position.step == 0 && *best == position.history.back().epoch) {
    keep(*best, found.checkpoint.state.parameters);
  } else if (std::optional<Parameters> weights = weights_beside(found, *best)) {
    keep(*best, std::move(*weights));
  } else {
    notes_.warn(
        fmt::format("the weights of epoch {}, the best so far by {}, are not in {}: they are lost until an epoch "
                    "is better",
                    *best, word(monitor_.figure), printable((found.file.parent_path() / best_file).string())));
  }
}

void BestKeeper::begin() {
  if (weights_)
    begin_to_write();
  else
    folder_.remove_best();
  settle();
}

void BestKeeper::rests(const TrainingPosition& position) {
  const bool behind_an_epoch = position.step == 0 && !position.history.empty();
  if (behind_an_epoch && best_epoch(position.history, monitor_) == position.history.back().epoch) {
    keep(position.history.back().epoch, engine_.state().parameters);
    begin_to_write();
  }
}

std::optional<Error> BestKeeper::finish() {
  if (is_written_) return std::nullopt;
  try {
    folder_.record.best = write();
    is_written_ = true;
    return std::nullopt;
  } catch (const Error& error) {
    if (folder_.record.best && folder_.record.best->epoch == epoch_) return error;  // there, but without its score
    folder_.record.best.reset();
    folder_.remove_best();
    return error;
  }
}

void BestKeeper::set_score(const std::string& score) {
  if (score == score_) return;
  score_ = score;
  is_written_ = false;
}

void BestKeeper::keep(std::uint32_t epoch, Parameters weights) {
  weights_ = std::move(weights);
  epoch_ = epoch;
  score_.clear();
  is_written_ = false;
}

void BestKeeper::begin_to_write() {
  writing_ = aside_.begin([this] { return write(); });
}

void BestKeeper::settle() {
  if (!writing_.valid()) return;
  try {
    folder_.record.best = writing_.get();
    is_written_ = true;
    told_.clear();
  } catch (const Error& error) {
    folder_.files().require_hold();
    const std::string line = error_line(error);
    if (line != told_) notes_.warn(fmt::format("{} is not that of epoch {}: {}", best_file, epoch_, line));
    told_ = line;
  }
}

BestWeights BestKeeper::write() {
  WeightsFile model = model_;
  model.parameters = *weights_;
  model.score = score_;
  return folder_.save_best(model, epoch_);
}

}  // namespace nib
