// One training step of every engine against the double reference: loss, correct predictions and every gradient.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engines/engine_case.h"
#include "library_control.h"
#include "support/reference_engine.h"
#include "support/synthetic.h"

namespace nib {
namespace {

double norm(const std::vector<double>& values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

std::uint64_t linear_layers(const Network& network) { return parameter_specs(network).size() / 2; }

/// Holds a step of `engine` against the reference, tensor by tensor against its norm and number by number against the
/// size of the terms it is a sum of.
struct ProbedCase {
  const Network& network;
  std::uint64_t seed;  ///< the engine's
  std::shared_ptr<const Dataset> images;
  std::vector<std::uint32_t> rows;
  TrainingState state;
  Kernels kernels = Kernels::own;
  Augmentation augmentation{};
  double label_smoothing = 0;
};
void expect_step_as_reference(const EngineCase& gates, Engine& engine, const ProbedCase& probed_case) {
  const auto& [network, seed, images, rows, state, kernels, augmentation, label_smoothing] = probed_case;
  const ProbedStep probed = probe_step(engine, images, rows, state);
  reference::ReferenceEngine reference(network, seed, reference::PixelValue::as_float);
  reference.set_state(state);
  reference.compute_in_tf32(tf32_layers(gates, network, kernels));
  reference.augment(augmentation);
  reference.smooth_labels(label_smoothing);
  const reference::BatchResult expected = reference.gradients(*images, rows);
  const reference::Tensors magnitudes = reference.gradient_magnitudes(*images, rows);

  EXPECT_EQ(probed.result.step, state.step + 1);
  EXPECT_EQ(probed.result.rows, rows.size());
  EXPECT_NEAR(probed.result.correct, expected.correct, gates.correct * static_cast<double>(rows.size()));
  EXPECT_NEAR(probed.result.loss / static_cast<double>(rows.size()), expected.loss, gates.loss);

  // Every layer adds its rounding errors on the way to the loss and once more on the way back.
  const double operations = 2.0 * static_cast<double>(linear_layers(network));
  const double unit = gates.elementwise * gates.unit_roundoff * operations;
  const std::vector<ParameterSpec> specs = parameter_specs(network);
  for (std::size_t t = 0; t < specs.size(); ++t) {
    std::vector<double> errors(specs[t].size());
    std::size_t outside = 0;
    for (std::size_t i = 0; i < errors.size(); ++i) {
      errors[i] = probed.gradients[t][i] - expected.gradients[t][i];
      if (!(std::abs(errors[i]) <= unit * magnitudes[t][i] + 1e-37)) ++outside;
    }
    EXPECT_LE(static_cast<double>(outside), gates.outside * static_cast<double>(errors.size()))
        << specs[t].name << ": numbers of " << errors.size() << " outside the elementwise gate";
    EXPECT_LE(norm(errors), gates.gradients * norm(expected.gradients[t])) << specs[t].name;
    EXPECT_GT(norm(expected.gradients[t]), 0.0) << specs[t].name << ": nothing was tested";
  }
}

class EngineGradients : public EngineNetworkTest {};

TEST_P(EngineGradients, AreThoseOfTheReference) {
  const auto set = images(128);
  for (const std::uint32_t batch : {1u, 2u, 7u, 112u, 128u}) {
    SCOPED_TRACE("batch " + std::to_string(batch));
    const auto engine =
        make_engine(engine_case(), {.network = network(), .batch = batch, .seed = 5, .cpu = {.threads = 2}});
    expect_step_as_reference(engine_case(), *engine,
                             {network(), 5, set, synthetic::file_order(batch), uneven_state(network())});
  }
}

class EngineGradientsOfFewRows : public EngineNetworkTest {};

TEST_P(EngineGradientsOfFewRows, AreTheirAverages) {
  const auto set = images(40);
  const auto engine =
      make_engine(engine_case(), {.network = network(), .batch = 128, .seed = 9, .cpu = {.threads = 2}});
  for (const std::uint32_t rows : {1u, 3u, 17u, 37u}) {
    SCOPED_TRACE(std::to_string(rows) + " rows");
    std::vector<std::uint32_t> order = synthetic::file_order(rows);
    for (std::uint32_t& index : order) index = 39 - index;
    expect_step_as_reference(engine_case(), *engine, {network(), 9, set, order, uneven_state(network())});
  }
}

/// With augmentation and smoothed labels; the last rows of the batch are masked.
TEST_P(EngineGradientsOfFewRows, AreThoseOfMovedImages) {
  const Augmentation augmentation{.shift = 2, .rotate = 15, .scale = 0.2};
  const double label_smoothing = 0.1;
  const auto engine = make_engine(engine_case(), {.network = network(),
                                                  .batch = 19,
                                                  .seed = 6,
                                                  .augmentation = augmentation,
                                                  .label_smoothing = label_smoothing,
                                                  .cpu = {.threads = 2}});
  expect_step_as_reference(engine_case(), *engine,
                           {network(), 6, images(40), synthetic::file_order(17), uneven_state(network()), Kernels::own,
                            augmentation, label_smoothing});
}

class EngineGradientsAtTheStart : public EngineNetworkTest {};

/// Where all biases are zero, a unit that sees nothing is dead: its sum must be zero to the bit, or it comes alive. So
/// these images have ink in their upper half alone.
TEST_P(EngineGradientsAtTheStart, AreThoseOfTheReference) {
  Dataset set = *images(20);
  const std::size_t size = std::size_t{network().input.height} * network().input.width;
  for (std::size_t i = 0; i < set.pixels.size(); ++i)
    if (i % size >= size / 2) set.pixels[i] = 0;
  const auto engine = make_engine(engine_case(), {.network = network(), .batch = 20, .seed = 6, .cpu = {.threads = 2}});
  expect_step_as_reference(engine_case(), *engine,
                           {network(), 6, std::make_shared<const Dataset>(std::move(set)), synthetic::file_order(20),
                            first_state(network(), initial_parameters(network(), 3))});
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineGradientsAtTheStart, every_engine_and_network(), engine_and_network_name);
INSTANTIATE_TEST_SUITE_P(Engines, EngineGradientsOfFewRows, every_engine_and_network(), engine_and_network_name);
INSTANTIATE_TEST_SUITE_P(Engines, EngineGradients, every_arithmetic_and_network(), engine_and_network_name);

// Small networks in which little can hide: their last weights are tiny, so the logits carry no error worth the name and
// the gradients behind them have to be right to the last bits.

struct Probe {
  std::string name;
  Network network;
  bool degenerate = false;  ///< cuDNN may refuse it
};

Network convolution_probe(Shape input, std::vector<Layer> front) {
  front.emplace_back(Flatten{});
  front.emplace_back(Dense{.units = 4, .activation = Activation::softmax});
  return {.input = input, .layers = std::move(front)};
}

std::vector<Probe> probes() {
  const auto convolution = [](std::uint32_t filters, std::array<std::uint32_t, 2> kernel,
                              std::array<std::uint32_t, 2> stride, Padding padding, Activation activation) -> Layer {
    return Convolution{filters, kernel, stride, padding, activation};
  };
  constexpr auto valid = Padding::valid, same = Padding::same;
  constexpr auto none = Activation::none, relu = Activation::relu;
  return {
      {"dense", convolution_probe({7, 5, 1}, {})},
      {"convolution", convolution_probe({9, 8, 1}, {convolution(3, {3, 3}, {1, 1}, valid, none)})},
      {"convolution_relu", convolution_probe({9, 8, 1}, {convolution(17, {3, 3}, {1, 1}, valid, relu)})},
      {"convolution_pool", convolution_probe({11, 11, 1}, {convolution(32, {3, 3}, {1, 1}, valid, relu), MaxPool{}})},
      {"convolution_pool_no_relu",
       convolution_probe({10, 9, 1}, {convolution(5, {3, 3}, {1, 1}, valid, none), MaxPool{}})},
      {"same", convolution_probe({6, 7, 1}, {convolution(16, {3, 3}, {1, 1}, same, none)})},
      {"same_even_strided", convolution_probe({7, 8, 1}, {convolution(6, {4, 2}, {2, 3}, same, relu)})},
      {"same_wider_than_the_image", convolution_probe({3, 2, 1}, {convolution(2, {5, 5}, {1, 1}, same, none)}), true},
      {"stride_wider_than_the_kernel", convolution_probe({12, 9, 1}, {convolution(4, {2, 1}, {3, 4}, valid, relu)}),
       true},
      {"one_pixel", convolution_probe({1, 1, 1}, {convolution(3, {1, 1}, {1, 1}, valid, none)}), true},
      {"overlapping_pool", convolution_probe({9, 9, 1}, {convolution(4, {2, 2}, {1, 1}, valid, relu),
                                                         MaxPool{.size = {3, 2}, .stride = {2, 1}}})},
      {"gaps_between_pools", convolution_probe({11, 9, 1}, {convolution(4, {2, 2}, {1, 1}, valid, none),
                                                            MaxPool{.size = {2, 2}, .stride = {3, 3}}})},
      {"pool_first", convolution_probe({8, 9, 1}, {MaxPool{}, convolution(5, {2, 2}, {1, 1}, valid, relu)})},
      {"average_pool", convolution_probe({9, 8, 1}, {convolution(5, {3, 3}, {1, 1}, valid, relu), AveragePool{}})},
      {"overlapping_average_pool", convolution_probe({9, 9, 1}, {convolution(4, {2, 2}, {1, 1}, valid, none),
                                                                 AveragePool{.size = {3, 2}, .stride = {2, 1}}})},
      {"average_pool_first", convolution_probe({8, 9, 1}, {AveragePool{.size = {2, 2}, .stride = {3, 2}},
                                                           convolution(5, {2, 2}, {1, 1}, valid, relu)})},
      {"global_average_pool",
       {.input = {8, 7, 1},
        .layers = {convolution(19, {3, 2}, {1, 1}, valid, relu), GlobalAveragePool{}, Dropout{0.3},
                   Dense{.units = 4, .activation = Activation::softmax}}}},
      {"global_average_pool_of_the_image",
       {.input = {8, 7, 1}, .layers = {GlobalAveragePool{}, Dense{.units = 4, .activation = Activation::softmax}}}},
      {"dropout_first", convolution_probe({6, 6, 1}, {Dropout{0.3}, convolution(5, {3, 3}, {1, 1}, valid, relu)})},
      {"dropout_behind_flatten",
       {.input = {8, 7, 1},
        .layers = {convolution(5, {2, 2}, {1, 1}, valid, none), MaxPool{}, Flatten{}, Dropout{0.5},
                   Dense{.units = 4, .activation = Activation::softmax}}}},
      {"dropout_before_pool",
       convolution_probe({9, 9, 1}, {convolution(5, {3, 3}, {1, 1}, valid, relu), Dropout{0.4}, MaxPool{}})},
      {"dropout_twice", convolution_probe({6, 5, 1}, {Dropout{0.2}, Dropout{0.2}})},
      {"dropout_of_nothing", convolution_probe({6, 5, 1}, {Dropout{0.0}})},
      {"two_convolutions", convolution_probe({8, 8, 1}, {convolution(7, {3, 3}, {1, 1}, valid, none),
                                                         convolution(18, {2, 3}, {1, 1}, same, none)})},
      {"two_dense",
       {.input = {5, 5, 1},
        .layers = {Flatten{}, Dense{.units = 70, .activation = Activation::none},
                   Dense{.units = 4, .activation = Activation::softmax}}}},
      {"two_dense_relu",
       {.input = {5, 5, 1},
        .layers = {Flatten{}, Dense{.units = 70, .activation = Activation::relu},
                   Dense{.units = 4, .activation = Activation::softmax}}}},
  };
}

class EngineLayers : public testing::TestWithParam<std::tuple<EngineCase, Probe>> {};

void PrintTo(const Probe& probe, std::ostream* out) { *out << probe.name; }

TEST_P(EngineLayers, HaveTheGradientsOfTheReference) {
  const auto& [gates, probe] = GetParam();
  if (const auto reason = unavailable(gates)) GTEST_SKIP() << *reason;
  const auto images = synthetic::shared_digits(probe.network.input.height, probe.network.input.width, 4, 31);
  TrainingState state = uneven_state(probe.network);
  auto& tensors = state.parameters.tensors;
  for (float& weight : tensors[tensors.size() - 2].values) weight *= 0x1.0p-20f;
  for (const std::uint32_t rows : {1u, 5u, 31u}) {
    SCOPED_TRACE(std::to_string(rows) + " rows");
    const EngineOptions options{.network = probe.network, .batch = rows, .seed = 21, .cpu = {.threads = 3}};
    std::string refusal;
    const auto engine = probe.degenerate ? make_engine_unless_refused(gates, options, probe.name, refusal)
                                         : make_engine(gates, options);
    if (!refusal.empty()) GTEST_SKIP() << refusal;
    // Image 1 has ink even where the image is a single pixel.
    std::vector<std::uint32_t> order = synthetic::file_order(rows);
    for (std::uint32_t& index : order) index = (index + 1) % 31;
    expect_step_as_reference(gates, *engine, {probe.network, 21, images, order, state});
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineLayers, testing::Combine(every_arithmetic(), testing::ValuesIn(probes())),
                         [](const auto& instance) {
                           return std::get<0>(instance.param).name + "_" + std::get<1>(instance.param).name;
                         });

TEST(EngineLayersOnStandIns, SayByNameThatCudnnRefusesThem) {
  const EngineCase& on_host = *std::ranges::find(engine_cases(), "cuda_on_host", &EngineCase::name);
  const std::vector<Probe> all = probes();
  const Probe& probe = *std::ranges::find(all, "one_pixel", &Probe::name);
  cuda_on_host::set_library_control({.single_pixels_refused = true});
  std::string refusal;
  EXPECT_EQ(make_engine_unless_refused(on_host, {.network = probe.network}, probe.name, refusal), nullptr);
  EXPECT_EQ(refusal.find("the network one_pixel is too small for cuDNN: cuDNN: conv1 forward: no algorithm runs"), 0u)
      << refusal;
  cuda_on_host::set_library_control({});
  EXPECT_NE(make_engine_unless_refused(on_host, {.network = probe.network}, probe.name, refusal), nullptr);
}

// Whose kernels compute, in which arithmetic, and where the images lie.

struct Way {
  EngineCase engine_case;
  Kernels kernels;
  bool stream;
};

void PrintTo(const Way& way, std::ostream* out) { *out << way.engine_case.name; }

std::string name_of(const Way& way) {
  return way.engine_case.name + (way.kernels == Kernels::own ? "_own" : "_library") +
         (way.stream ? "_streamed" : "_resident");
}

std::vector<Way> ways() {
  std::vector<Way> all;
  for (const EngineCase& engine_case : arithmetic_cases())
    for (const Kernels kernels : {Kernels::own, Kernels::library})
      for (const bool stream : {false, true})
        if (engine_case.device != "cpu") all.push_back({engine_case, kernels, stream});
  return all;
}

class EngineWays : public testing::TestWithParam<Way> {};

/// A network with all that nib has kernels of its own for, and a step with masked rows.
TEST_P(EngineWays, HaveTheGradientsOfTheReference) {
  const Way& way = GetParam();
  if (const auto reason = unavailable(way.engine_case)) GTEST_SKIP() << *reason;
  for (const std::uint32_t kernel : {3u, 5u}) {
    const Network network{
        .input = {15, 14, 1},
        .layers = {Convolution{.filters = 9, .kernel = {kernel, kernel}, .activation = Activation::relu}, MaxPool{},
                   Convolution{.filters = 6, .activation = Activation::relu}, MaxPool{}, Dropout{0.25}, Flatten{},
                   Dense{.units = 30, .activation = Activation::relu},
                   Dense{.units = 10, .activation = Activation::softmax}}};
    const auto images = synthetic::shared_digits(15, 14, 10, 60);
    for (const Augmentation& augmentation : {Augmentation{}, Augmentation{.shift = 1.5, .rotate = 30}}) {
      const auto engine = make_engine(way.engine_case, {.network = network,
                                                        .batch = 64,
                                                        .seed = 2,
                                                        .augmentation = augmentation,
                                                        .cuda = {.stream = way.stream, .kernels = way.kernels}});
      expect_step_as_reference(
          way.engine_case, *engine,
          {network, 2, images, synthetic::file_order(60), uneven_state(network), way.kernels, augmentation});
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineWays, testing::ValuesIn(ways()),
                         [](const auto& instance) { return name_of(instance.param); });

}  // namespace
}  // namespace nib
