// nib.hpp: nib.h for C++17 and later, in objects that clean up after themselves and exceptions in place of statuses.
// All of it is compiled into the program that includes it: between program and library are nib.h's C functions alone,
// so that they may come from different compilers. What the functions mean stands there.
#ifndef NIB_NIB_HPP
#define NIB_NIB_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nib/nib.h"

namespace nib {
inline namespace abi1 {

/// What nib says of a failure: what() is its one line, hint() what to do about it, or nothing.
class Error : public std::runtime_error {
 public:
  Error(nib_status status, const std::string& line, std::string hint)
      : std::runtime_error(line), status_(status), hint_(std::move(hint)) {}
  nib_status status() const noexcept { return status_; }
  const std::string& hint() const noexcept { return hint_; }

 private:
  nib_status status_;
  std::string hint_;
};

namespace detail {

inline void check(nib_status status) {
  if (status != NIB_OK) throw Error(status, nib_last_error(), nib_last_hint());
}

inline std::vector<std::string> lines(const char* text) {
  std::vector<std::string> result;
  const std::string all = text ? text : "";
  for (std::size_t begin = 0, end; (end = all.find('\n', begin)) != std::string::npos; begin = end + 1)
    result.push_back(all.substr(begin, end - begin));
  return result;
}

struct Free {
  void operator()(nib_engine* engine) const noexcept { nib_engine_free(engine); }
  void operator()(nib_classifier* classifier) const noexcept { nib_classifier_free(classifier); }
  void operator()(nib_prediction* prediction) const noexcept { nib_prediction_free(prediction); }
  void operator()(nib_training* training) const noexcept { nib_training_free(training); }
};
template <typename Handle>
using Owned = std::unique_ptr<Handle, Free>;

}  // namespace detail

/// What computes: see nib_engine_new().
class Engine {
 public:
  explicit Engine(const std::string& device = "auto", std::uint32_t threads = 0) {
    nib_engine* engine = nullptr;
    detail::check(nib_engine_new(NIB_ABI, device.c_str(), threads, &engine));
    engine_.reset(engine);
  }
  const nib_engine* handle() const noexcept { return engine_.get(); }

 private:
  detail::Owned<nib_engine> engine_;
};

/// What a network makes of a picture.
struct Prediction {
  std::uint32_t class_index = 0;      ///< the likeliest
  std::string class_name;             ///< "7"
  std::vector<float> probabilities;   ///< one a class
  std::vector<std::string> warnings;  ///< why the answer may be wrong, or the picture no single digit
  std::vector<std::uint8_t> pixels;   ///< (row, column), what the network saw
  float probability() const { return probabilities.at(class_index); }
};

/// A trained network that answers: see nib_classifier_new(). One may be asked by several threads: they wait for each
/// other.
class Classifier {
 public:
  explicit Classifier(const std::string& weights, const Engine& engine = Engine()) {
    nib_classifier* classifier = nullptr;
    detail::check(nib_classifier_new(engine.handle(), weights.c_str(), &classifier));
    classifier_.reset(classifier);
  }

  std::uint32_t rows() const noexcept { return nib_classifier_rows(classifier_.get()); }
  std::uint32_t columns() const noexcept { return nib_classifier_columns(classifier_.get()); }
  std::uint32_t classes() const noexcept { return nib_classifier_classes(classifier_.get()); }
  std::string class_name(std::uint32_t class_index) const {
    const char* const name = nib_classifier_class_name(classifier_.get(), class_index);
    if (!name) throw Error(NIB_USAGE, nib_last_error(), nib_last_hint());
    return name;
  }
  std::string device() const { return nib_classifier_device(classifier_.get()); }
  std::vector<std::string> warnings() const { return detail::lines(nib_classifier_warnings(classifier_.get())); }

  /// (image, class) of one image or more, (image, row, column): 0 background, 255 full ink.
  std::vector<float> probabilities(const std::vector<std::uint8_t>& pixels) {
    const std::size_t size = std::size_t{rows()} * columns();
    std::vector<float> result(size == 0 ? 0 : pixels.size() / size * classes());
    detail::check(
        nib_classifier_probabilities(classifier_.get(), pixels.data(), pixels.size(), result.data(), result.size()));
    return result;
  }

  /// Of an image file.
  Prediction predict(const std::string& file) {
    nib_prediction* prediction = nullptr;
    detail::check(nib_classifier_predict_file(classifier_.get(), file.c_str(), &prediction));
    return taken(detail::Owned<nib_prediction>(prediction));
  }
  /// Of an image file's bytes, which errors call `name`.
  Prediction predict(const std::vector<std::uint8_t>& bytes, const std::string& name) {
    nib_prediction* prediction = nullptr;
    detail::check(
        nib_classifier_predict_bytes(classifier_.get(), bytes.data(), bytes.size(), name.c_str(), &prediction));
    return taken(detail::Owned<nib_prediction>(prediction));
  }

 private:
  Prediction taken(const detail::Owned<nib_prediction>& from) const {
    Prediction result;
    result.class_index = nib_prediction_class(from.get());
    result.class_name = class_name(result.class_index);
    for (std::uint32_t k = 0; k < classes(); ++k)
      result.probabilities.push_back(nib_prediction_probability(from.get(), k));
    result.warnings = detail::lines(nib_prediction_warnings(from.get()));
    result.pixels.resize(std::size_t{rows()} * columns());
    detail::check(nib_prediction_pixels(from.get(), result.pixels.data(), result.pixels.size()));
    return result;
  }

  detail::Owned<nib_classifier> classifier_;
};

/// The settings of a training; what is left as it is, is as `nib train` has it. See nib_training_set_...().
struct Training {
  std::string data{};
  std::uint64_t limit = 0;
  std::string network{}, weights{}, optimizer{};
  std::optional<std::uint32_t> epochs{}, batch{};
  std::optional<std::uint64_t> seed{};
  std::optional<double> learning_rate{}, validation_split{};
  /// Called as nib_progress_function is; false stops. What it throws stops the training and goes on to its caller.
  std::function<bool(const nib_progress&)> progress{};
};

/// Accuracies and losses are NaN where there is nothing that they could be of.
struct TrainingResult {
  double test_accuracy = 0, test_loss = 0;
  double validation_accuracy = 0, validation_loss = 0;  ///< of the last epoch, as those of training
  double training_accuracy = 0, training_loss = 0;
  std::string weights_sha256;
  std::vector<std::string> warnings;
};

namespace detail {

/// The caller's function, and what it threw, which must not cross the library.
struct Watcher {
  const std::function<bool(const nib_progress&)>& function;
  std::exception_ptr thrown;

  static int call(const nib_progress* progress, void* user) noexcept {
    Watcher& watcher = *static_cast<Watcher*>(user);
    try {
      return watcher.function(*progress) ? 0 : 1;
    } catch (...) {
      watcher.thrown = std::current_exception();
      return 1;
    }
  }
};

inline void set(nib_training* training, const Training& settings) {
  if (!settings.data.empty()) check(nib_training_set_data(training, settings.data.c_str()));
  check(nib_training_set_limit(training, settings.limit));
  if (!settings.network.empty()) check(nib_training_set_network(training, settings.network.c_str()));
  if (!settings.weights.empty()) check(nib_training_set_weights(training, settings.weights.c_str()));
  if (settings.epochs) check(nib_training_set_epochs(training, *settings.epochs));
  if (settings.batch) check(nib_training_set_batch(training, *settings.batch));
  if (settings.seed) check(nib_training_set_seed(training, *settings.seed));
  if (!settings.optimizer.empty()) check(nib_training_set_optimizer(training, settings.optimizer.c_str()));
  if (settings.learning_rate) check(nib_training_set_learning_rate(training, *settings.learning_rate));
  if (settings.validation_split) check(nib_training_set_validation_split(training, *settings.validation_split));
}

}  // namespace detail

/// Trains and writes the weights to `file`, see nib_training_run(). Throws Error, with the status NIB_STOPPED where
/// `settings.progress` stopped it.
inline TrainingResult train(const Training& settings, const std::string& file, const Engine& engine = Engine()) {
  nib_training* made = nullptr;
  detail::check(nib_training_new(engine.handle(), &made));
  const detail::Owned<nib_training> training(made);
  detail::set(made, settings);
  detail::Watcher watcher{settings.progress, nullptr};
  if (settings.progress) detail::check(nib_training_set_progress(made, &detail::Watcher::call, &watcher));
  const nib_status status = nib_training_run(made, file.c_str());
  if (watcher.thrown) std::rethrow_exception(watcher.thrown);
  detail::check(status);
  TrainingResult result;
  result.test_accuracy = nib_training_figure(made, NIB_TEST_ACCURACY);
  result.test_loss = nib_training_figure(made, NIB_TEST_LOSS);
  result.validation_accuracy = nib_training_figure(made, NIB_VALIDATION_ACCURACY);
  result.validation_loss = nib_training_figure(made, NIB_VALIDATION_LOSS);
  result.training_accuracy = nib_training_figure(made, NIB_TRAINING_ACCURACY);
  result.training_loss = nib_training_figure(made, NIB_TRAINING_LOSS);
  result.weights_sha256 = nib_training_weights_sha256(made);
  result.warnings = detail::lines(nib_training_warnings(made));
  return result;
}

}  // namespace abi1
}  // namespace nib

#endif
