#include "library/training.h"

#include <fmt/core.h>

#include <cmath>
#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "library/engine.h"

using namespace nib::library;

namespace {

constexpr std::uint32_t most_epochs = 100'000;

/// Does `work` with the settings of a training.
template <typename Work>
nib_status set(const char* function, nib_training* training, Work work) noexcept {
  return guarded(function, [&](const Call& call) {
    call.needs(training, "training");
    work(call, training->settings);
  });
}

std::uint32_t checked(const Call& call, const char* parameter, std::uint32_t number, std::uint32_t most) {
  if (number == 0 || number > most)
    call.refuse(parameter, "out of range", fmt::format("1 to {}", nib::with_commas(most)), std::to_string(number));
  return number;
}

double figure_of(const TrainingResult& result, uint32_t figure, const Call& call) {
  const nib::EpochResult& epoch = result.last_epoch;
  switch (figure) {
    case NIB_TEST_ACCURACY:
      return result.test_accuracy;
    case NIB_TEST_LOSS:
      return result.test_loss;
    case NIB_VALIDATION_ACCURACY:
      return epoch.validation_accuracy.value_or(TrainingResult::none);
    case NIB_VALIDATION_LOSS:
      return epoch.validation_loss.value_or(TrainingResult::none);
    case NIB_TRAINING_ACCURACY:
      return epoch.accuracy;
    case NIB_TRAINING_LOSS:
      return epoch.loss;
    default:
      call.refuse("figure", "no such figure", "one of nib_figure", std::to_string(figure));
  }
}

}  // namespace

nib_status nib_training_new(const nib_engine* engine, nib_training** training) {
  return guarded(__func__, [&](const Call& call) {
    call.needs(engine, "engine");
    call.needs(training, "training");
    *training = std::make_unique<nib_training>(nib_training{.device = engine->choice}).release();
  });
}

void nib_training_free(nib_training* training) { delete training; }

nib_status nib_training_set_data(nib_training* training, const char* name_or_path) {
  return set(__func__, training, [&](const Call& call, TrainingSettings& settings) {
    settings.data = call.text(name_or_path, "name_or_path");
  });
}

nib_status nib_training_set_limit(nib_training* training, uint64_t images) {
  return set(__func__, training, [&](const Call&, TrainingSettings& settings) { settings.limit = images; });
}

nib_status nib_training_set_network(nib_training* training, const char* file) {
  return set(__func__, training,
             [&](const Call& call, TrainingSettings& settings) { settings.network = call.text(file, "file"); });
}

nib_status nib_training_set_weights(nib_training* training, const char* weights) {
  return set(__func__, training,
             [&](const Call& call, TrainingSettings& settings) { settings.weights = call.text(weights, "weights"); });
}

nib_status nib_training_set_epochs(nib_training* training, uint32_t epochs) {
  return set(__func__, training, [&](const Call& call, TrainingSettings& settings) {
    settings.plan.epochs = checked(call, "epochs", epochs, most_epochs);
  });
}

nib_status nib_training_set_batch(nib_training* training, uint32_t images) {
  return set(__func__, training, [&](const Call& call, TrainingSettings& settings) {
    settings.plan.batch = checked(call, "images", images, nib::largest_batch);
  });
}

nib_status nib_training_set_seed(nib_training* training, uint64_t seed) {
  return set(__func__, training, [&](const Call&, TrainingSettings& settings) { settings.plan.seed = seed; });
}

nib_status nib_training_set_optimizer(nib_training* training, const char* name) {
  return set(__func__, training, [&](const Call& call, TrainingSettings& settings) {
    const std::string wanted = call.text(name, "name");
    const nib::NamedOptimizer* const found = nib::find_optimizer(wanted);
    if (found == nullptr) {
      std::vector<std::string> names;
      for (const nib::NamedOptimizer& each : nib::named_optimizers()) names.emplace_back(each.name);
      call.refuse("name", "no such optimizer", nib::join_words(names), "\"" + nib::printable(wanted) + "\"");
    }
    settings.optimizer = found->optimizer;
    settings.plan.learning_rate = found->learning_rate;
  });
}

nib_status nib_training_set_learning_rate(nib_training* training, double rate) {
  return set(__func__, training, [&](const Call& call, TrainingSettings& settings) {
    if (!(rate >= nib::least_learning_rate && rate <= nib::greatest_learning_rate))
      call.refuse("rate", "out of range",
                  fmt::format("{} to {}", nib::least_learning_rate, nib::greatest_learning_rate),
                  fmt::format("{}", rate));
    settings.plan.learning_rate = rate;
  });
}

nib_status nib_training_set_validation_split(nib_training* training, double part) {
  return set(__func__, training, [&](const Call& call, TrainingSettings& settings) {
    if (!(part >= 0 && part < 1)) call.refuse("part", "out of range", "0 to below 1", fmt::format("{}", part));
    settings.validation_split = part;
  });
}

nib_status nib_training_set_progress(nib_training* training, nib_progress_function function, void* user) {
  return set(__func__, training, [&](const Call&, TrainingSettings& settings) {
    settings.progress = function;
    settings.user = user;
  });
}

nib_status nib_training_run(nib_training* training, const char* file) {
  return guarded(__func__, [&](const Call& call) {
    call.needs(training, "training");
    training->warnings = {};
    training->result = train_into(call.text(file, "file"), training->settings, training->device, training->warnings);
  });
}

double nib_training_figure(const nib_training* training, uint32_t figure) {
  return answered(__func__, TrainingResult::none, [&](const Call& call) {
    call.needs(training, "training");
    return figure_of(training->result, figure, call);
  });
}

const char* nib_training_weights_sha256(const nib_training* training) {
  return answered(__func__, "", [&](const Call& call) {
    call.needs(training, "training");
    return training->result.weights_sha256.c_str();
  });
}

const char* nib_training_warnings(const nib_training* training) {
  return answered(__func__, "", [&](const Call& call) {
    call.needs(training, "training");
    return training->warnings.text().c_str();
  });
}
