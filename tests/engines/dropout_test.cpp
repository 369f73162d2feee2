// The masks of dropout, element by element.

#include <gtest/gtest.h>

#include "engines/engine_case.h"
#include "nib/arithmetic/philox.h"

namespace nib {
namespace {

class EngineDropout : public EngineTest {};

/// With weights of zero every class is equally likely, so the gradient of a weight is (0.5 or -0.5) / rows times what
/// dropout left of the input: it shows the mask.
TEST_P(EngineDropout, DropsWhatTheSequenceSays) {
  const Network network{.input = {9, 7, 1},
                        .layers = {Dropout{0.25}, Flatten{}, Dense{.units = 2, .activation = Activation::softmax}}};
  const std::uint64_t seed = 0x123456789abcdefu;
  Dataset images{.rows = 9, .columns = 7, .class_names = {"a", "b"}, .pixels = {}, .labels = {0, 1, 0}};
  images.pixels.resize(std::size_t{3} * 63);
  std::fill(images.pixels.begin() + 63, images.pixels.begin() + 126, std::uint8_t{255});  // image 1 is all ink
  const auto set = std::make_shared<const Dataset>(images);
  const auto engine = make_engine(engine_case(), {.network = network, .batch = 3, .seed = seed});
  const double value = 0.5 / 3 / 0.75;
  // Of the two operands of the one product that is not 0.
  const double gate = engine_case().precision == Precision::tf32 ? 4 * engine_case().unit_roundoff * value : 1e-7;
  TrainingState state{.parameters = zero_parameters(network),
                      .first_moment = zero_parameters(network),
                      .second_moment = zero_parameters(network)};
  for (const std::uint64_t steps_before : {std::uint64_t{0}, std::uint64_t{41}}) {
    for (std::uint32_t place = 0; place < 3; ++place) {
      SCOPED_TRACE("step " + std::to_string(steps_before + 1) + ", row " + std::to_string(place));
      state.step = steps_before;
      std::vector<std::uint32_t> rows = {0, 0, 0};
      rows[place] = 1;
      const ProbedStep probed = probe_step(*engine, set, rows, state);
      for (std::size_t pixel = 0; pixel < 63; ++pixel) {
        const bool kept = dropout_keeps(seed, 0, steps_before + 1, std::uint64_t{place} * 63 + pixel, 0.25f);
        EXPECT_NEAR(probed.gradients[0][pixel], kept ? value : 0.0, gate) << "pixel " << pixel;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineDropout, every_arithmetic(), case_name);

}  // namespace
}  // namespace nib
