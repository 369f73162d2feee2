// What a network makes of images on its way to the answer.

#include "engines/cpu/features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "nib/engine.h"
#include "nib/error.h"
#include "nib/training.h"

namespace nib {
namespace {

struct Read {
  std::vector<float> units{}, maps{}, probabilities{};
  std::vector<std::size_t> indices{};
};

Read read(const Network& network, const Parameters& parameters, const Dataset& images, unsigned threads) {
  Read all;
  cpu::FeatureReader reader(network, parameters, threads);
  for (int time = 0; time < 2; ++time) {  // a reader can be asked again
    all = {};
    reader.read(images, [&](const cpu::FeatureReader::Image& image) {
      all.indices.push_back(image.index);
      all.units.insert(all.units.end(), image.units.begin(), image.units.end());
      all.maps.insert(all.maps.end(), image.maps.begin(), image.maps.end());
      all.probabilities.insert(all.probabilities.end(), image.probabilities.begin(), image.probabilities.end());
    });
  }
  return all;
}

Dataset some_images(std::size_t count) {
  Dataset images{28, 28, std::vector<std::string>(10), std::vector<std::uint8_t>(count * 28 * 28), {}};
  for (std::size_t i = 0; i < images.pixels.size(); ++i) images.pixels[i] = static_cast<std::uint8_t>(i * 7919 % 251);
  return images;
}

TEST(FeatureReader, ReadsTheSameWithAnyThreadsAndTheEnginesProbabilities) {
  const Network network = digits_network();
  const Parameters parameters = initial_parameters(network, 3);
  const Dataset images = some_images(150);
  const Read one = read(network, parameters, images, 1), three = read(network, parameters, images, 3);
  EXPECT_EQ(one.units, three.units);
  EXPECT_EQ(one.maps, three.maps);
  EXPECT_EQ(one.units.size(), 150 * *cpu::unit_count(network));
  EXPECT_EQ(one.maps.size(), 150 * cpu::map_number_count(network));
  for (std::size_t i = 0; i < 150; ++i) EXPECT_EQ(one.indices[i], i);
  std::string note;
  const auto engine = make_engine("cpu", {.network = network, .cpu = {.threads = 2}}, note);
  engine->set_state(first_state(network, parameters));
  std::vector<float> probabilities(150 * 10);
  engine->evaluate(engine->upload(std::make_shared<const Dataset>(images)), probabilities, {});
  EXPECT_EQ(one.probabilities, probabilities);
}

TEST(FeatureReader, TellsOfAnEnginesNetworkWhatItsTestDoes) {
  const Network network = digits_network();
  const Parameters parameters = initial_parameters(network, 3);
  Dataset images = some_images(300);
  for (std::size_t i = 0; i < images.size(); ++i) images.labels.push_back(static_cast<std::uint8_t>(i % 10));
  std::string note;
  const auto engine = make_engine("cpu", {.network = network, .batch = 1, .cpu = {.threads = 2}}, note);
  engine->set_state(first_state(network, parameters));
  cpu::FeatureReader borrowed(*engine), own(network, parameters, 1);
  const auto into = [](std::vector<float>& all) {
    return [&all](const auto& image) {
      for (const auto& part : {image.units, image.maps, image.probabilities})
        all.insert(all.end(), part.begin(), part.end());
    };
  };
  std::vector<float> numbers, own_numbers;
  const Metrics read = borrowed.test(images, into(numbers), {});
  own.read(images, into(own_numbers));
  EXPECT_EQ(numbers, own_numbers);
  const Metrics tested = engine->evaluate(engine->upload(std::make_shared<const Dataset>(images)), {}, {});
  EXPECT_TRUE(read.labelled);
  EXPECT_EQ(read.rows, 300U);
  EXPECT_EQ(read.correct, tested.correct);
  EXPECT_EQ(read.loss_sum, tested.loss_sum);
  EXPECT_EQ(read.confusion, tested.confusion);
  const Metrics stopped = borrowed.test(
      images, [](const auto&) {}, [](std::uint64_t) { return Next::stop; });
  EXPECT_TRUE(stopped.stopped);
  EXPECT_LT(stopped.rows, 300U);
}

/// One map that is the image's own inner pixels, behind a kernel that takes the middle alone.
TEST(FeatureReader, MeansAreThoseOfCells) {
  const Network network{{5, 5, 1},
                        {Convolution{.filters = 1, .activation = Activation::relu}, Flatten{},
                         Dense{4, Activation::relu}, Dense{10, Activation::softmax}}};
  Parameters parameters = zero_parameters(network);
  parameters.tensors[0].values[4] = 1;
  Dataset image{5, 5, std::vector<std::string>(10), {}, {}};
  for (std::uint8_t i = 0; i < 25; ++i) image.pixels.push_back(i);
  // Inner pixels: 6 7 8, 11 12 13, 16 17 18. Of four cells, those beside each other share a row or column.
  const std::vector<std::vector<float>> expected = {{12}, {9, 10, 14, 15}, {6, 7, 8, 11, 12, 13, 16, 17, 18}};
  for (std::uint32_t cells = 1; cells <= 3; ++cells) {
    std::vector<float> means;
    cpu::FeatureReader reader(network, parameters, 1, cells);
    reader.read(image, [&](const auto& one) { means.assign(one.maps.begin(), one.maps.end()); });
    ASSERT_EQ(means.size(), cells * cells);
    for (std::size_t i = 0; i < means.size(); ++i) EXPECT_NEAR(means[i] * 255, expected[cells - 1][i], 1e-3) << i;
  }
}

TEST(FeatureReader, TellsWhatANetworkHas) {
  const Network plain{{28, 28, 1},
                      {Flatten{}, Dense{30, Activation::relu}, Dropout{0.5}, Dense{10, Activation::softmax}}};
  EXPECT_EQ(cpu::unit_count(plain), 30U);
  EXPECT_EQ(cpu::map_number_count(plain), 0U);
  const Network direct{{28, 28, 1}, {Flatten{}, Dense{10, Activation::softmax}}};
  EXPECT_FALSE(cpu::unit_count(direct));
  EXPECT_THROW(cpu::FeatureReader(direct, zero_parameters(direct), 1), std::invalid_argument);
  cpu::FeatureReader reader(plain, zero_parameters(plain), 1);
  Dataset small{14, 14, std::vector<std::string>(10), std::vector<std::uint8_t>(14 * 14), {}};
  EXPECT_THROW(reader.read(small, [](const auto&) {}), Error);
}

}  // namespace
}  // namespace nib
