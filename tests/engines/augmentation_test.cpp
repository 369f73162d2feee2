// Augmentation in training: which pixels a step sees, that nothing else sees them, and the same bits everywhere.

#include <gtest/gtest.h>

#include <bit>

#include "engines/engine_case.h"
#include "formats/weights.h"
#include "nib/training.h"
#include "support/synthetic.h"

namespace nib {
namespace {

constexpr Augmentation augmentation{.shift = 2, .rotate = 20, .scale = 0.2};

/// Two images of which one is blank; sides that are no multiple of anything.
std::shared_ptr<const Dataset> two_images(std::uint32_t rows, std::uint32_t columns) {
  Dataset images{.rows = rows, .columns = columns, .class_names = {"a", "b"}, .pixels = {}, .labels = {0, 1}};
  images.pixels.resize(std::size_t{2} * rows * columns);
  for (std::size_t i = 0; i < std::size_t{rows} * columns; ++i)
    images.pixels[std::size_t{rows} * columns + i] = static_cast<std::uint8_t>(i % 5 == 0 ? 0 : i * 89 + i / 7);
  return std::make_shared<const Dataset>(std::move(images));
}

class EngineAugmentation : public EngineTest {
 protected:
  /// With weights of zero both classes are equally likely, so the gradient of a weight is 0.5 or -0.5 / rows times the
  /// pixel: it shows what the network sees.
  void expect_moved(std::uint32_t height, std::uint32_t width) const {
    SCOPED_TRACE(testing::Message() << height << " x " << width);
    const Network network{.input = {height, width, 1},
                          .layers = {Flatten{}, Dense{.units = 2, .activation = Activation::softmax}}};
    const std::uint64_t seed = 0x123456789abcdefu;
    const auto images = two_images(height, width);
    const auto engine =
        make_engine(engine_case(), {.network = network, .batch = 4, .seed = seed, .augmentation = augmentation});
    TrainingState state = first_state(network, zero_parameters(network));
    for (const std::uint64_t steps_before : {std::uint64_t{0}, std::uint64_t{41}})
      for (const std::uint32_t place : {0u, 3u}) {
        SCOPED_TRACE("step " + std::to_string(steps_before + 1) + ", row " + std::to_string(place));
        state.step = steps_before;
        std::vector<std::uint32_t> rows = {0, 0, 0, 0};
        rows[place] = 1;
        const ProbedStep probed = probe_step(*engine, images, rows, state);
        const ImageMap map = image_map(movement(augmentation, seed, steps_before + 1, place), height, width);
        for (std::uint32_t i = 0; i < height * width; ++i) {
          const float pixel = moved_pixel(map, images->image(1), height, width, i / width, i % width);
          // Of all terms of the sum one is not 0, and it is a product with an eighth: every bit is the pixel's.
          const float moment = 0.125f * pixel * static_cast<float>(1.0 - 0.9);
          const float found = probed.after.moments[0].values.tensors[0].values[i];
          if (engine_case().precision == Precision::tf32)
            EXPECT_NEAR(found, moment, 4 * engine_case().unit_roundoff * moment) << "pixel " << i;
          else
            EXPECT_EQ(std::bit_cast<std::uint32_t>(found), std::bit_cast<std::uint32_t>(moment)) << "pixel " << i;
        }
      }
  }
};

TEST_P(EngineAugmentation, TrainsOnTheMovedImages) {
  for (const auto& [height, width] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
           {28, 28}, {9, 13}, {40, 7}, {1, 33}, {21, 1}, {1, 1}, {256, 19}})
    expect_moved(height, width);
}

TEST_P(EngineAugmentation, LeavesEvaluationAsItIs) {
  const Network& network = digits_network();
  const auto images = synthetic::shared_digits(28, 28, 10, 30);
  std::vector<float> plain(300), augmented(300);
  const auto without = make_engine(engine_case(), {.network = network});
  const auto with = make_engine(engine_case(), {.network = network, .augmentation = augmentation});
  without->evaluate(without->upload(images), plain, {});
  with->evaluate(with->upload(images), augmented, {});
  EXPECT_EQ(augmented, plain);
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineAugmentation, every_arithmetic(), case_name);

const Network& dropout_network() {
  static const Network network = std::ranges::find(golden::networks(), "dropout", &golden::NamedNetwork::name)->network;
  return network;
}

/// Seven steps of 19 rows and one of 5, cut behind step `cut`: from there another engine goes on.
std::string trained(const EngineCase& engine_case, unsigned threads, std::size_t cut = 0) {
  const Network& network = dropout_network();
  const EngineOptions options{.network = network,
                              .batch = 19,
                              .seed = 4,
                              .augmentation = augmentation,
                              .label_smoothing = 0.1,
                              .cpu = {.threads = threads}};
  const auto images = synthetic::shared_digits(network.input.height, network.input.width, class_count(network), 138);
  const std::vector<std::uint32_t> order = shuffled_order(4, 1, 138);
  auto engine = make_engine(engine_case, options);
  engine->set_state(uneven_state(network));
  engine->train(engine->upload(images), std::span(order).first(19 * cut), std::vector<double>(cut, 0.002), {});
  const TrainingState state = engine->state();
  engine = make_engine(engine_case, options);
  engine->set_state(state);
  engine->train(engine->upload(images), std::span(order).subspan(19 * cut), std::vector<double>(8 - cut, 0.002), {});
  return weights_sha256(engine->state().parameters);
}

class EngineAugmentationBits : public EngineTest {};

TEST_P(EngineAugmentationBits, DoNotDependOnThreadsOrWhereTrainingWasCut) {
  const std::string expected = trained(engine_case(), 1);
  for (const unsigned threads : engine_case().threads) EXPECT_EQ(trained(engine_case(), threads), expected) << threads;
  for (const std::size_t cut : {1u, 2u, 4u, 6u, 7u}) EXPECT_EQ(trained(engine_case(), 1, cut), expected) << cut;
}

TEST_P(EngineAugmentationBits, DoNotDependOnInstructions) {
  const std::string expected = trained(engine_case(), 1);
  for (const std::string& instructions : engine_case().instructions) {
    const ForcedInstructions forced(instructions);
    if (!forced.unavailable(engine_case())) {
      EXPECT_EQ(trained(engine_case(), 2), expected) << instructions;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineAugmentationBits, every_engine(), case_name);

TEST(EngineAugmentationOff, IsTheSameAsNone) {
  const EngineCase& cpu = engine_cases().at(0);
  const auto images = synthetic::shared_digits(28, 28, 10, 30);
  const auto hash = [&](const EngineOptions& options) {
    const auto engine = make_engine(cpu, options);
    engine->train(engine->upload(images), synthetic::file_order(30), std::vector<double>(3, 0.001), {});
    return weights_sha256(engine->state().parameters);
  };
  const EngineOptions plain{.network = digits_network(), .batch = 10};
  EngineOptions zeros = plain, moved = plain, smoothed = plain;
  zeros.augmentation = {.shift = 0, .rotate = 0, .scale = 0};
  moved.augmentation = {.shift = 1};
  smoothed.label_smoothing = 0.1;
  EXPECT_EQ(hash(zeros), hash(plain));
  EXPECT_NE(hash(moved), hash(plain));
  EXPECT_NE(hash(smoothed), hash(plain));
}

}  // namespace
}  // namespace nib
