#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/keras/keras.h"
#include "inference/device.h"
#include "inference/model.h"
#include "logs/logs_record.h"
#include "nib/training.h"
#include "runs/run_optimizer.h"

namespace nib {

/// The key of TrainOptions::validation_sha256 in the configuration of run.json.
inline constexpr const char* validation_hashes = "validation_sha256";

struct RunLogOptions {
  std::string json{};         ///< --log-json: the event log's file; empty for none
  std::string tensorboard{};  ///< --tensorboard: the folder of the event files; empty for none
  std::uint32_t every = 50;   ///< --log-every: steps from one batch event to the next
  bool go_on = true;          ///< --no-logs: a resumed run leaves its logs as they are
  /// Those that it leaves, for the next resume to go on in, with paths as told_from() gives them.
  std::optional<LogsRecord> left{};
};

struct TrainOptions {
  std::string recipe = "keras";  ///< see training_recipes()
  std::string data = "mnist";
  std::uint64_t limit = 0;  ///< of the images of each part; 0 for all
  bool prepare = false;     ///< pictures, see DataChoice
  TrainingPlan plan{};
  OptimizerChoice optimizer{};
  std::optional<double> learning_rate{};  ///< as given, see settle_optimizer()
  std::string schedule{};                 ///< as given; empty: constant, or that of the run that goes on
  Plateau plateau{};                      ///< its numbers as given, see settle_schedule()
  bool other_schedule = false;  ///< a run goes on with another one than it had: no command makes its weights again
  Augmentation augmentation{};  ///< of the training images
  double label_smoothing = 0;   ///< see EngineOptions
  double validation_split = 0.1;
  std::string validation = "last";               ///< which images are held out, see HeldOut
  std::string validation_data{};                 ///< a set of its own, see load_validation_data(); empty for none
  std::vector<std::string> validation_sha256{};  ///< of its files, once they are read
  std::string start_weights_sha256{};            ///< once they are read, see start_hash(); empty without them
  DeviceChoice device{};
  ModelChoice model{};  ///< --network and --weights
  std::string out{};
  bool force = false;
  bool pictures = true;
  RunLogOptions logs{};
  std::string resume{};       ///< a checkpoint, or the folder of the run that is to go on; empty for a new run
  std::string monitor{};      ///< by which the best epoch is found; empty: usual_monitor()
  bool restore_best = false;  ///< the run ends with the weights of its best epoch
  std::optional<double> required_accuracy{};       ///< of the test
  std::optional<OptimizerState> keras_training{};  ///< the optimizer's state beside the start weights, to go on with
  std::optional<std::uint64_t> steps_before{};     ///< that Keras had trained before this run's first one, if it had
  std::uint64_t save_every = 0;                    ///< steps between two checkpoints, besides those at epochs' ends
  std::uint32_t keep = 1;                          ///< checkpoints that stay
};

/// As --flatten has it.
inline const char* flatten_word(FlattenOrder order) { return order == FlattenOrder::channels_first ? "CHW" : "HWC"; }

/// Whether an option is among the names of those that were given.
inline bool is_given(const std::vector<std::string>& given, std::string_view option) {
  return std::ranges::find(given, option) != given.end();
}

}  // namespace nib
