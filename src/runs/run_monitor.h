#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "nib/history.h"
#include "runs/run_record.h"

namespace nib {

/// How a run compares its epochs, as its configuration says; older ones do not, and have usual_monitor().
Monitor monitor_of(const Json& configuration, const History& history);
/// Nothing where the run is to train all of its epochs.
std::optional<std::uint32_t> patience_of(const Json& configuration);

std::optional<std::uint32_t> best_epoch(const RunRecord& record);

/// Why a run ended before its last epoch: "val_loss was not better than in epoch 4 for 3 epochs". Empty for others.
std::string early_stop_in_words(const RunRecord& record);

/// The epoch at whose end the run had the weights of its model, which the test is of; nothing where it has no epoch.
std::optional<std::uint32_t> epoch_of_weights(const RunRecord& record);

/// Whether the run ended with the means of its weights, which are no epoch's.
bool has_mean_weights(const RunRecord& record);

/// "epoch 5, the last (the best by val_loss: 4)", or "epoch 4, the best by val_loss"; empty where there is none.
std::string weights_in_words(const RunRecord& record);

}  // namespace nib
