// A score fitted for a network that real Keras trained, asked of pictures of the tests' own making. NIB_SCORE_PICTURES
// of each kind are read, 40 unless it says otherwise; docs/own-images.md tells the figures of 250.

#include "score/score.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include "data/catalogue.h"
#include "encodings/base64.h"
#include "engines/cpu/features.h"
#include "images/preparation/prepare.h"
#include "nib/error.h"
#include "score/fit.h"
#include "score/no_digits.h"
#include "score/stroke_signs.h"
#include "support/golden.h"
#include "support/not_digits.h"
#include "support/styles.h"

namespace nib {
namespace {

std::size_t pictures() {
  const char* const asked = std::getenv("NIB_SCORE_PICTURES");
  return asked ? std::strtoul(asked, nullptr, 10) : 40;
}

TEST(Score, TellsWhatIsNoDigitSlow) {
  DataCollection mnist = load_data(std::string(NIB_DATA_SOURCE) + "/mnist", DataParts::both);
  const Dataset test = std::move(mnist.test);
  const Split split = split_validation(std::move(mnist.training), 0.1);
  const Network network = digits_network();
  const Parameters parameters = golden::parameters("keras/trained.safetensors");
  const FittedScore fitted = fit_score(network, parameters, *split.training, split.validation.get(), 2);
  ASSERT_TRUE(fitted.score && fitted.score->judge) << fitted.why_no_score << fitted.why_no_judge;
  const Score score = parse_score(score_text(*fitted.score), network, "score");
  EXPECT_EQ(score.judge, fitted.score->judge);
  EXPECT_LT(score_text(score).size(), 10'000U);

  /// Whether it is told or warned that the picture shows no digit, or that the network is not sure.
  const auto warned = [&](const GreyImage& picture) {
    PreparedImage prepared;
    try {
      prepared = prepare_image(picture, 28, 28, "picture");
    } catch (const Error&) {
      return true;
    }
    const Dataset image{28, 28, test.class_names, prepared.image.pixels, {}};
    const cpu::Features features = cpu::features_of(network, parameters, image, 1);
    return !prepared.warnings.empty() || !warnings_of(stroke_signs(prepared.steps.back().stage)).empty() ||
           !verdict_of(score, features.probabilities, features.values).accepted();
  };
  const std::size_t count = pictures();
  // What is held: below what was measured by what so few pictures may differ.
  const std::map<styles::NotDigit, double> least = {
      {styles::NotDigit::blank, 0.93},      {styles::NotDigit::texture, 0.93}, {styles::NotDigit::drawing, 0.75},
      {styles::NotDigit::two_digits, 0.88}, {styles::NotDigit::letter, 0.65},  {styles::NotDigit::turned, 0.75}};
  for (const auto& [kind, bound] : least) {
    if (kind == styles::NotDigit::letter && !styles::has_letter_fonts()) continue;
    std::size_t told = 0;
    for (std::size_t i = 0; i < count; ++i)
      told += warned(styles::not_a_digit(kind, styles::PictureSet::holding, i, test));
    const double part = static_cast<double>(told) / static_cast<double>(count);
    fmt::print("{:<16}{:>7.1f} % warned\n", styles::name(kind), 100 * part);
    EXPECT_GE(part, bound) << styles::name(kind);
  }
  std::size_t told = 0;
  const std::size_t digits = std::min<std::size_t>(count, 200);
  for (const styles::Style style : styles::all)
    for (std::size_t i = 0; i < digits; ++i) told += warned(styles::redrawn(test, i, style));
  const double part = static_cast<double>(told) / static_cast<double>(digits * styles::all.size());
  fmt::print("{:<16}{:>7.2f} % warned\n", "redrawn digits", 100 * part);
  EXPECT_LE(part, 0.05);
}

/// Blank images have no ink that could be placed, and pixels of 0 and 1 too little.
TEST(NoDigits, AreMadeOfBlankAndOfFaintDigits) {
  for (const std::uint8_t ink : std::array<std::uint8_t, 3>{0, 1, 100}) {
    Dataset digits{28, 28, std::vector<std::string>(10), std::vector<std::uint8_t>(40 * 28 * 28), {}};
    for (std::size_t i = 0; i < 40; ++i) {
      digits.labels.push_back(static_cast<std::uint8_t>(i % 10));
      for (std::size_t row = 4; row < 24; ++row) digits.pixels[(i * 28 + row) * 28 + 10 + i % 7] = ink;
    }
    const NoDigits made = no_digits(digits, 200, 3);
    EXPECT_EQ(made.images.pixels, no_digits(digits, 200, 1).images.pixels);
    for (std::size_t i = 0; i < 200; ++i) {
      if (made.images.labels[i] != static_cast<std::uint8_t>(Shown::several)) continue;
      const std::uint8_t* const pixels = made.images.image(i);
      EXPECT_EQ(std::any_of(pixels, pixels + 28 * 28, [](std::uint8_t pixel) { return pixel > 0; }), ink > 0) << i;
    }
  }
}

TEST(Score, RefusesWhatIsNoneOfTheNetwork) {
  const Network network = digits_network();
  EXPECT_THROW(parse_score("{}", network, "f"), Error);
  EXPECT_THROW(parse_score(R"({"schema":1,"temperature":0})", network, "f"), Error);
  EXPECT_THROW(parse_score(R"({"schema":2,"temperature":1})", network, "f"), Error);
  EXPECT_EQ(parse_score(R"({"schema":1,"temperature":1.5})", network, "f").temperature, 1.5);
  EXPECT_EQ(from_base64("AAH/"), (std::vector<std::uint8_t>{0, 1, 255}));
  EXPECT_EQ(from_base64("AA=="), std::vector<std::uint8_t>{0});
  EXPECT_FALSE(from_base64("AB=="));
  EXPECT_FALSE(from_base64("A"));
}

}  // namespace
}  // namespace nib
