#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "nib/engine.h"
#include "support/reference_layers.h"

namespace nib::reference {

/// One double for each parameter of a network: the tensors of parameter_specs(), in that order and layout.
using Tensors = std::vector<std::vector<double>>;

Tensors widened(const Parameters& parameters);
/// The nearest floats, named and shaped as the network's parameters are.
Parameters narrowed(const Tensors& tensors, const Network& network);

/// What a pixel is to the network: pixel / 255 in double, as the recorded float64 training of Keras has it, or the
/// float that float engines divide to.
enum class PixelValue { exact, as_float };

struct State {
  Tensors parameters;
  std::vector<Tensors> moments;
  std::uint64_t step = 0;  ///< finished steps
};

/// Which way every ReLU (1 alive, 0 dead), pooling window (index of its input) and dropout element (1 kept) of a batch
/// went. Where it is the same for two sets of parameters, the loss is smooth between them as far as anyone can tell.
using Choices = std::vector<std::vector<std::uint32_t>>;

struct BatchResult {
  double loss = 0;  ///< mean over the rows
  std::uint32_t correct = 0;
  Tensors gradients;  ///< of the mean loss
};

struct Evaluation {
  std::vector<double> probabilities;  ///< (image, class)
  double loss_sum = 0;
  std::uint64_t correct = 0;
  std::vector<std::uint64_t> confusion;  ///< (true class, predicted class)
};

/// The whole network in double precision, written to be read: what every engine is held against. It takes any network
/// that validate() accepts. `rows` are indices into the set; the batch is as large as they are many.
class ReferenceEngine {
 public:
  explicit ReferenceEngine(const Network& network, std::uint64_t seed = 0, PixelValue pixel_value = PixelValue::exact,
                           const Optimizer& optimizer = {});

  State& state() { return state_; }
  const State& state() const { return state_; }
  void set_state(const TrainingState& state);
  /// Parameters with moments of zero, before the first step.
  void set_parameters(const Parameters& parameters);

  /// From now on the products of these layers (indices into Network::layers), forward and back, take their operands
  /// rounded to TF32, as NVIDIA's tensor cores do; sums and biases stay as they are.
  void compute_in_tf32(std::vector<std::uint32_t> layers) { tf32_layers_ = std::move(layers); }

  /// As EngineOptions has them. How an image is moved comes from nib/arithmetic/augmentation.h, as dropout's masks come
  /// from philox.h.
  void augment(const Augmentation& augmentation) { augmentation_ = augmentation; }
  void smooth_labels(double share) { label_smoothing_ = share; }

  /// Loss and its gradients as the next step would have them, dropout masks included.
  BatchResult gradients(const Dataset& images, std::span<const std::uint32_t> rows) const;

  /// How large the terms of each gradient are: the sum over everything that is added up, each product taken by its
  /// absolute value, along the whole way from pixels to loss and back. Rounding errors of a float engine are small
  /// multiples of float's unit roundoff times this, whatever the order of its sums.
  Tensors gradient_magnitudes(const Dataset& images, std::span<const std::uint32_t> rows) const;

  /// The mean loss alone, with the L2 penalty, as everywhere here. Where `choices` is not null it receives one list for
  /// each row and layer.
  double loss(const Dataset& images, std::span<const std::uint32_t> rows, Choices* choices = nullptr) const;

  /// One step of the optimizer; returns the mean loss before it.
  double step(const Dataset& images, std::span<const std::uint32_t> rows, double learning_rate);

  /// The whole set in file order, without dropout.
  Evaluation evaluate(const Dataset& images) const;

 private:
  enum class Kind { linear, relu, max_pool, average_pool, dropout };
  /// One thing done to an image on its way through the network.
  struct Stage {
    Kind kind = Kind::linear;
    std::uint32_t layer = 0;  ///< index into Network::layers
    std::uint64_t output_size = 0;
    LinearGeometry geometry{};  ///< linear
    std::size_t weight = 0;     ///< linear: index of the weight tensor; its bias is the next
    MaxPool pool{};
    AveragePool average{};
    Shape pool_input{}, pool_output{};
    double rate = 0;  ///< dropout
  };
  /// One image on its way: values[0] are the pixels, values[k + 1] what stage k makes of values[k].
  struct Trace {
    std::vector<std::vector<double>> values;
    Choices choices;
  };
  /// A row's place in its training batch; none in evaluation, where dropout does nothing.
  using BatchRow = std::optional<std::size_t>;

  Tensors kernels(const Tensors& parameters) const;
  double penalty() const;
  std::vector<double> pixels(const Dataset& images, std::size_t index, BatchRow row) const;
  std::vector<double> targets(std::size_t classes, std::size_t label) const;
  std::vector<std::uint32_t> choose(const Stage& stage, BatchRow row, const std::vector<double>& input) const;
  bool in_tf32(const Stage& stage) const;
  std::vector<double> run(const Stage& stage, const Tensors& kernels, const std::vector<std::uint32_t>& choice,
                          const std::vector<double>& input) const;
  Trace forward(const Tensors& kernels, std::vector<double> image, BatchRow row) const;
  void backward(const Tensors& kernels, const Trace& trace, std::vector<double> gradient, Tensors& gradients) const;
  /// Changes parameters and moments by a rule of arithmetic/update_rules.h.
  template <typename Rule>
  void apply(Rule, const Tensors& gradients, const StepFactors<double>& factors);
  /// Sums what `add_row(row, sums)` adds for each row, in an order that does not depend on the machine's threads;
  /// gradients come back in the canonical layout.
  template <typename AddRow>
  BatchResult sum_over_rows(std::size_t rows, const AddRow& add_row) const;

  Network network_;
  Optimizer optimizer_;
  std::uint64_t seed_;
  PixelValue pixel_value_;
  std::vector<Stage> stages_;
  std::vector<std::uint32_t> tf32_layers_;
  Augmentation augmentation_{};
  double label_smoothing_ = 0;
  State state_;
};

}  // namespace nib::reference
