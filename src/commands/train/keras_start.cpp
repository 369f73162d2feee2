#include "commands/train/keras_start.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "commands/train/optimizer_options.h"
#include "formats/keras/keras.h"
#include "inference/model.h"

namespace nib {
namespace {

constexpr std::uint64_t largest_checkpoint = std::uint64_t{6}
                                             << 30;  ///< what else may be named is larger than a .keras

}  // namespace

bool start_from_keras(TrainOptions& options, const std::vector<std::string>& given, Notes& notes) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(options.resume, ignored)) return false;
  const std::vector<std::uint8_t> bytes = read_file(options.resume, largest_checkpoint);
  if (!looks_like_keras(bytes)) return false;
  if (!options.model.weights.empty())
    throw usage_error({.setting = "weights",
                       .problem = "the file to resume has its own",
                       .hint = "leave it out: a training goes on with its own weights"});
  WeightsFile model = read_keras_training(bytes, options.resume);
  if (!is_given(given, "--data") && !model.data.empty()) options.data = data_for_model("", model, notes);
  options.keras_training = std::move(model.training);
  take_optimizer(options, options.keras_training->optimizer, given);
  options.steps_before = options.keras_training->step;
  options.model.weights = options.resume;
  const bool has_recipe = options.recipe != TrainOptions{}.recipe;  // with a rate of its own
  if (!is_given(given, "--learning-rate") && !has_recipe)
    options.plan.learning_rate = options.keras_training->learning_rate;
  return true;
}

}  // namespace nib
