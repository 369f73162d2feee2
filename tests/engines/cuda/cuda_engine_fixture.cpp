#include "engines/cuda/cuda_engine_fixture.h"

#include "engines/cuda/cuda_engine.h"
#include "formats/weights.h"
#include "nib/training.h"
#include "support/synthetic.h"

namespace nib {

std::unique_ptr<Engine> CudaEngineTest::make(EngineOptions options) {
  if (!options.precision) options.precision = Precision::fp32;
  options.cuda.evaluation_batch = evaluation_batch;
  return cuda::make_cuda_engine(options, 0);
}

std::shared_ptr<const Dataset> CudaEngineTest::images_for(const Network& network, std::uint32_t count) {
  return synthetic::shared_digits(network.input.height, network.input.width, class_count(network), count);
}

Network small_network() {
  return {.input = {10, 9, 1},
          .layers = {Convolution{.filters = 6, .activation = Activation::relu}, MaxPool{}, Dropout{0.25}, Flatten{},
                     Dense{.units = 14, .activation = Activation::relu},
                     Dense{.units = 10, .activation = Activation::softmax}}};
}

Network branching_network() {
  return {
      .input = {11, 10, 1},
      .layers = {Convolution{.filters = 4}, Dropout{0.25}, MaxPool{},
                 Convolution{.filters = 5, .kernel = {2, 2}, .padding = Padding::same, .activation = Activation::relu},
                 MaxPool{}, Convolution{.filters = 6, .kernel = {1, 1}, .activation = Activation::relu}, Flatten{},
                 Dense{.units = 14, .activation = Activation::relu},
                 Dense{.units = 10, .activation = Activation::softmax}}};
}

std::string state_hash(const Engine& engine) {
  const TrainingState state = engine.state();
  return std::to_string(state.step) + weights_sha256(state.parameters) + weights_sha256(state.moments[0].values) +
         weights_sha256(state.moments[1].values);
}

std::string trained_hash(Engine& engine, const std::shared_ptr<const Dataset>& images, std::uint32_t batch,
                         std::uint32_t epochs) {
  const ImageSet set = engine.upload(images);
  const auto count = static_cast<std::uint32_t>(images->size());
  for (std::uint32_t epoch = 1; epoch <= epochs; ++epoch)
    engine.train(set, shuffled_order(1, epoch, count), std::vector<double>((count + batch - 1) / batch, 0.002), {});
  return state_hash(engine);
}

}  // namespace nib
