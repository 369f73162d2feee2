// MNIST's test digits as people photograph, scan and cut them: on desks, in boxes, under shadows. What is chosen in
// src/images/preparation was chosen on digits 0 to 199 (tuning); 3,000 to 3,199 (holding) were only counted. The
// network is one that real Keras trained.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <thread>

#include "base/error.h"
#include "data/catalogue.h"
#include "images/preparation/prepare.h"
#include "inference/stability.h"
#include "nib/engine.h"
#include "support/golden.h"
#include "support/situations.h"

namespace nib {
namespace {

using situations::Situation;

constexpr std::size_t side = 28, pixels = side * side, classes = 10;
constexpr float sure = 0.6F;  ///< nib predict warns below this

struct Digits {
  std::size_t first, count, step;
};

/// What becomes of pictures; `told` are those refused and those read wrong with a warning, `doubted` those read right
/// with a warning.
struct Count {
  std::size_t all = 0, right = 0, told = 0, silent = 0, doubted = 0;

  void add(const Count& other) {
    all += other.all;
    right += other.right;
    told += other.told;
    silent += other.silent;
    doubted += other.doubted;
  }
  double part(std::size_t count) const { return static_cast<double>(count) / static_cast<double>(all); }
};

class Situations : public testing::Test {
 protected:
  static const Dataset& mnist() {
    static const Dataset set = load_data(std::string(NIB_DATA_SOURCE) + "/mnist", DataParts::test_only).test;
    return set;
  }

  Situations() { engine->set_state(first_state(network, golden::parameters("keras/trained.safetensors"))); }

  /// The prepared pictures, and which of them come with a warning or are refused.
  struct Pictures {
    Dataset images;
    std::vector<std::uint8_t> warned, refused;
  };
  static Pictures pictures_of(Situation situation, const Digits& digits) {
    Pictures result{{side, side, mnist().class_names, std::vector<std::uint8_t>(digits.count * pixels),
                     std::vector<std::uint8_t>(digits.count)},
                    std::vector<std::uint8_t>(digits.count),
                    std::vector<std::uint8_t>(digits.count)};
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i = next++; i < digits.count; i = next++) {
        const std::size_t index = digits.first + i * digits.step;
        result.images.labels[i] = mnist().labels[index];
        try {
          const PreparedImage prepared = prepare_image(situations::drawn(mnist(), index, situation), side, side, "");
          std::ranges::copy(prepared.image.pixels,
                            result.images.pixels.begin() + static_cast<std::ptrdiff_t>(i * pixels));
          result.warned[i] = prepared.warnings.empty() ? 0 : 1;
        } catch (const Error&) {
          result.refused[i] = 1;
        }
      }
    };
    const std::jthread helper(work);
    work();
    return result;
  }

  Count count(Situation situation, const Digits& digits) {
    const Pictures pictures = pictures_of(situation, digits);
    const std::vector<float> probabilities = answers(pictures.images);
    std::array<std::vector<float>, moves> when_moved;
    for (std::size_t move = 0; move < moves; ++move) {
      Dataset moved = pictures.images;
      for (std::size_t i = 0; i < digits.count; ++i)
        std::ranges::copy((*moved_images(pixels_of(pictures.images, i), network.input))[move],
                          moved.pixels.begin() + static_cast<std::ptrdiff_t>(i * pixels));
      when_moved[move] = answers(std::move(moved));
    }
    const auto of_image = [](const std::vector<float>& all, std::size_t i) {
      return std::span(all).subspan(i * classes, classes);
    };
    Count result{.all = digits.count};
    for (std::size_t i = 0; i < digits.count; ++i) {
      if (pictures.refused[i]) {
        ++result.told;
        continue;
      }
      std::array<std::vector<float>, moves> moved;
      for (std::size_t move = 0; move < moves; ++move) {
        const auto each = of_image(when_moved[move], i);
        moved[move].assign(each.begin(), each.end());
      }
      const Stability stability = stability_of(of_image(probabilities, i), moved);
      const bool warned =
          pictures.warned[i] || of_image(probabilities, i)[stability.own] < sure || !stability.stable(least_stable);
      if (stability.own == pictures.images.labels[i]) {
        ++result.right;
        result.doubted += warned;
      } else {
        ++(warned ? result.told : result.silent);
      }
    }
    return result;
  }
  static std::span<const std::uint8_t> pixels_of(const Dataset& images, std::size_t index) {
    return std::span(images.pixels).subspan(index * pixels, pixels);
  }
  std::vector<float> answers(Dataset images) {
    std::vector<float> probabilities(images.labels.size() * classes);
    const ImageSet set = engine->upload(std::make_shared<const Dataset>(std::move(images)));
    engine->evaluate(set, probabilities, {});
    return probabilities;
  }

  /// All situations; each at least `least` right.
  Count count_all(const Digits& digits, double least) {
    Count sum;
    fmt::print("{:<18}{:>9}{:>9}{:>9}{:>9}\n", "situation", "right", "told", "silent", "doubted");
    const auto print = [](const char* name, const Count& each) {
      fmt::print("{:<18}{:>7.2f} %{:>7.2f} %{:>7.2f} %{:>7.2f} %\n", name, 100 * each.part(each.right),
                 100 * each.part(each.told), 100 * each.part(each.silent), 100 * each.part(each.doubted));
    };
    for (std::size_t i = 0; i < situations::count; ++i) {
      const auto situation = static_cast<Situation>(i);
      const Count each = count(situation, digits);
      print(situations::name(situation), each);
      EXPECT_GE(each.part(each.right), least) << situations::name(situation);
      sum.add(each);
    }
    print("all", sum);
    return sum;
  }

  Network network = digits_network();
  std::string note;
  std::unique_ptr<Engine> engine = make_engine("cpu", {.network = network}, note);
};

/// Few digits, for every day.
TEST_F(Situations, AreReadInASample) {
  const Count sum = count_all({.first = 0, .count = 5, .step = 1}, 0.8);
  EXPECT_GE(sum.part(sum.right), 0.95);
  EXPECT_LE(sum.silent, 2U);
}

TEST_F(Situations, AreReadAsWellAsPromisedSlow) {
  const Count sum = count_all({.first = 3000, .count = 200, .step = 1}, 0.85);
  EXPECT_GE(sum.part(sum.right), 0.95);
  EXPECT_LE(sum.part(sum.silent), 0.01);
}

}  // namespace
}  // namespace nib
