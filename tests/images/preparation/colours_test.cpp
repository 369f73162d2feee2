// MNIST's test digits in ink and on grounds of one grey but different colours, as PPM and as JPEG whose colours are
// coarser than its light. What is chosen in colour_contrast.cpp and prepare.cpp was chosen on digits 0 to 29 (tuning);
// 3,000 to 3,099 (holding) were only counted. The network is one that real Keras trained.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "base/error.h"
#include "data/catalogue.h"
#include "images/preparation/prepare.h"
#include "nib/engine.h"
#include "support/coloured.h"
#include "support/golden.h"
#include "tests/places.h"

namespace nib {
namespace {

constexpr std::size_t side = 28;

const Dataset& mnist() {
  static const Dataset set = load_data(std::string(NIB_DATA_SOURCE) + "/mnist", DataParts::test_only).test;
  return set;
}

std::vector<std::uint8_t> file_of(std::size_t index, coloured::Pair pair, bool as_jpeg) {
  const coloured::Picture picture = coloured::drawn(mnist(), index, pair);
  return as_jpeg ? coloured::jpeg(picture, 50 + static_cast<int>(index % 5) * 10) : coloured::ppm(picture);
}

/// Prepared pictures, and which of them are refused.
struct Pictures {
  Dataset images;
  std::vector<std::uint8_t> refused;
};

Pictures pictures_of(std::size_t first, std::size_t count, coloured::Pair pair, bool as_jpeg) {
  const auto label = mnist().labels.begin() + static_cast<std::ptrdiff_t>(first);
  Pictures result{{side,
                   side,
                   mnist().class_names,
                   std::vector<std::uint8_t>(count * side * side),
                   {label, label + static_cast<std::ptrdiff_t>(count)}},
                  std::vector<std::uint8_t>(count)};
  const auto work = [&](std::size_t begin) {
    for (std::size_t i = begin; i < count; i += 2) try {
        const GreyImage picture = decode_image(file_of(first + i, pair, as_jpeg), "picture");
        std::ranges::copy(prepare_image(picture, side, side, "picture").image.pixels,
                          result.images.pixels.begin() + static_cast<std::ptrdiff_t>(i * side * side));
      } catch (const Error&) {
        result.refused[i] = 1;
      }
  };
  const std::jthread helper([&] { work(1); });
  work(0);
  return result;
}

/// The part of the digits from `first` on that is read right.
double right(std::size_t first, std::size_t count, coloured::Pair pair, bool as_jpeg) {
  const Pictures pictures = pictures_of(first, count, pair, as_jpeg);
  std::string note;
  const auto engine = make_engine("cpu", {.network = digits_network()}, note);
  engine->set_state(first_state(digits_network(), golden::parameters("keras/trained.safetensors")));
  std::vector<float> probabilities(count * 10);
  engine->evaluate(engine->upload(std::make_shared<const Dataset>(pictures.images)), probabilities, {});
  std::size_t correct = 0, refused = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = probabilities.begin() + static_cast<std::ptrdiff_t>(i * 10);
    refused += pictures.refused[i];
    correct += !pictures.refused[i] && std::max_element(begin, begin + 10) - begin == pictures.images.labels[i];
  }
  const double part = static_cast<double>(correct) / static_cast<double>(count);
  fmt::print("{:<16}{:<6}{:>7.1f} % right{:>5} refused\n", coloured::name(pair), as_jpeg ? "JPEG" : "PPM", 100 * part,
             refused);
  return part;
}

double all_right(std::size_t first, std::size_t count, double least) {
  double sum = 0;
  for (const coloured::Pair pair : coloured::pairs)
    for (const bool as_jpeg : {false, true}) {
      const double part = right(first, count, pair, as_jpeg);
      EXPECT_GE(part, least) << coloured::name(pair);
      sum += part / static_cast<double>(2 * coloured::pairs.size());
    }
  fmt::print("{:<22}{:>7.2f} % right\n", "all", 100 * sum);
  return sum;
}

TEST(Colours, AreReadInASample) { EXPECT_GE(all_right(0, 5, 0.6), 0.9); }

TEST(Colours, AreReadAsWellAsPromisedSlow) { EXPECT_GE(all_right(3000, 100, 0.85), 0.95); }

}  // namespace
}  // namespace nib
