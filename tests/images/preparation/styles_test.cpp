// MNIST's first 200 test digits, redrawn in eight styles as people write and photograph them, prepared, and read by a
// network that real Keras trained. The bounds are the promise; nothing here is fitted to the digits.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "data/catalogue.h"
#include "images/preparation/prepare.h"
#include "images/preparation/resample.h"
#include "nib/engine.h"
#include "support/golden.h"
#include "support/styles.h"
#include "tests/places.h"

namespace nib {
namespace {

constexpr std::size_t digits = 200, side = 28;
constexpr double least_overall = 0.98, least_in_a_style = 0.95, most_unprepared = 0.5,
                 most_unprepared_in_a_style = 0.85;

/// The network's own size without any preparation: shrunk, light as ink.
std::vector<std::uint8_t> shrunk(const GreyImage& picture) {
  const Window all{0, 0, static_cast<double>(picture.rows), static_cast<double>(picture.columns)};
  std::vector<std::uint8_t> pixels;
  for (const float value : resampled(reduced_light(picture, 1), all, side, side).values)
    pixels.push_back(static_cast<std::uint8_t>(value + 0.5F));
  return pixels;
}

/// The first digits of the test set, as they are or redrawn, each with what the network is to take.
struct Images {
  Dataset prepared, unprepared;
};

class Styles : public testing::Test {
 protected:
  static const Dataset& mnist() {
    static const Dataset set = load_data(std::string(NIB_DATA_SOURCE) + "/mnist", DataParts::test_only).test;
    return set;
  }
  static Dataset first_digits() {
    Dataset set{side, side, mnist().class_names, {}, {}};
    set.pixels.assign(mnist().image(0), mnist().image(digits));
    set.labels.assign(mnist().labels.begin(), mnist().labels.begin() + digits);
    return set;
  }
  static Images images_in(styles::Style style) {
    Images images{first_digits(), first_digits()};
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t index = next++; index < digits; index = next++) {
        const GreyImage picture = styles::redrawn(mnist(), index, style);
        const auto place = static_cast<std::ptrdiff_t>(index * side * side);
        std::ranges::copy(prepare_image(picture, side, side, "picture").image.pixels,
                          images.prepared.pixels.begin() + place);
        std::ranges::copy(shrunk(picture), images.unprepared.pixels.begin() + place);
      }
    };
    {
      const std::jthread helper(work);
      work();
    }
    return images;
  }

  /// The part of the images that the network puts into their class.
  double accuracy(Dataset images) {
    const ImageSet set = engine->upload(std::make_shared<const Dataset>(std::move(images)));
    return static_cast<double>(engine->evaluate(set, {}, {}).correct) / digits;
  }

  Styles() {
    const Parameters parameters = golden::parameters("keras/trained.safetensors");
    engine->set_state(first_state(network, parameters));
  }

  Network network = digits_network();
  std::string note;
  std::unique_ptr<Engine> engine = make_engine("cpu", {.network = network}, note);
};

TEST_F(Styles, AreReadAsWellAsPromisedSlow) {
  fmt::print("{:<16}{:>9}{:>12}\n{:<16}{:>7.1f} %\n", "style", "prepared", "unprepared", "(untouched)",
             100 * accuracy(first_digits()));
  double sum = 0, unprepared_sum = 0;
  for (const styles::Style style : styles::all) {
    Images images = images_in(style);
    const double prepared = accuracy(std::move(images.prepared)), unprepared = accuracy(std::move(images.unprepared));
    fmt::print("{:<16}{:>7.1f} %{:>10.1f} %\n", styles::name(style), 100 * prepared, 100 * unprepared);
    EXPECT_GE(prepared, least_in_a_style) << styles::name(style);
    EXPECT_LE(unprepared, most_unprepared_in_a_style) << styles::name(style);
    sum += prepared;
    unprepared_sum += unprepared;
  }
  const double overall = sum / styles::all.size(), unprepared = unprepared_sum / styles::all.size();
  fmt::print("{:<16}{:>7.2f} %{:>10.2f} %\n", "all", 100 * overall, 100 * unprepared);
  RecordProperty("prepared", fmt::format("{:.4f}", overall));
  RecordProperty("unprepared", fmt::format("{:.4f}", unprepared));
  EXPECT_GE(overall, least_overall);
  EXPECT_LE(unprepared, most_unprepared);
}

}  // namespace
}  // namespace nib
