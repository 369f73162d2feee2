#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/streams.h"
#include "commands/train/train_options.h"
#include "commands/train/validation_data.h"
#include "data/catalogue.h"
#include "formats/weights.h"
#include "nib/engine.h"
#include "runs/run_record.h"

namespace nib {

/// What the images of a training say of its settings.
struct ImageFacts {
  std::size_t training = 0;  ///< how many are trained on
  bool validated = false;
  std::vector<std::string> files{}, validation_files{};  ///< SHA-256 of each; the latter of a validation set of its own
};

/// What is trained, and with what, made of the options of a run: the network with its start weights, the images of each
/// part, an engine that has both. A run begins with it, and so does whoever trains one again.
class PreparedTraining {
 protected:
  /// `start`: the network with the weights to start from, or those of the checkpoint that the run goes on from.
  PreparedTraining(const TrainOptions& options, WeightsFile start, Streams& streams);
  ~PreparedTraining() = default;

  /// Reads the images, and settles the options by them.
  void load_data();
  /// All that the images are chosen by: trainings with the same text have the same.
  std::string choice_of_images() const;
  ImageFacts image_facts() const;
  /// Puts into the options what only the images say: how many a step takes, the figure that tells the best epoch.
  void settle(const ImageFacts& facts);
  void start_engine_on_data();
  /// The moments and the step that a training in Keras left, where the run goes on with one.
  void begin_where_keras_ended();
  /// What a record tells of a training before it begins: engine, configuration, command, data.
  void describe(RunRecord& record) const;

  TrainOptions options_;
  Streams& streams_;
  WeightsFile model_;      ///< with the start weights, later the trained ones
  DataCollection source_;  ///< its images are moved into split_ and test_set_
  Split split_;
  std::optional<ValidationData> validation_data_;
  std::shared_ptr<const Dataset> test_set_;
  std::unique_ptr<Engine> engine_;
  std::optional<ImageSet> training_, validation_, test_;
};

/// SHA-256 of all that a training starts from: the weights' numbers and, where it goes on with one of Keras, those of
/// its optimizer's moments behind them.
std::string start_hash(const WeightsFile& start, const std::optional<OptimizerState>& keras);

}  // namespace nib
