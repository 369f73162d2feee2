#include "terminal/progress_bar.h"

#include <gmock/gmock.h>

#include <cmath>
#include <string>

#include "golden_text.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr Terminal colour_terminal{.interactive = true, .colour = true, .utf8 = true, .columns = 200};
constexpr Terminal plain_terminal{.interactive = true, .colour = false, .utf8 = true, .columns = 200};
const ProgressBar::Clock::time_point start{};

ProgressBar::Clock::time_point after(double seconds) {
  return start + std::chrono::duration_cast<ProgressBar::Clock::duration>(std::chrono::duration<double>(seconds));
}

TrainingProgress at_step(std::uint64_t step, double accuracy, double loss) {
  return {.epoch = 1, .epochs = 1, .step = step, .steps = 0, .loss = loss, .accuracy = accuracy};
}

EpochResult result(double accuracy, double loss, double seconds) {
  return {.epoch = 1,
          .loss = loss,
          .accuracy = accuracy,
          .validation_loss = {},
          .validation_accuracy = {},
          .seconds = seconds,
          .training_seconds = seconds};
}

EpochResult validated(double seconds, double training_seconds) {
  return {.epoch = 1,
          .loss = 0.231249,
          .accuracy = 0.932123,
          .validation_loss = 9.3e-4,
          .validation_accuracy = 0.98125,
          .seconds = seconds,
          .training_seconds = training_seconds};
}

TEST(ProgressBar, WritesTheBytesOfKeras) {
  ProgressBar bar(colour_terminal);
  std::string text = bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 422}, start);
  text += bar.update(at_step(1, 0.125, 2.302585), after(0.25));
  text += bar.update(at_step(2, 0.1875, 2.25), after(0.26));
  text += bar.update(at_step(21, 0.40625, 1.9), after(0.35));
  text += bar.update(at_step(211, 0.85, 0.5), after(1.3));
  text += bar.update(at_step(421, 0.93, 0.24), after(2.34));
  text += bar.update(at_step(422, 0.932123, 0.231249), after(2.35));
  text += bar.end_epoch(validated(2.355, 2.355));
  text += bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 7}, start);
  text += bar.update(at_step(1, 0.5, 1e-3), after(90));
  text += bar.update(at_step(2, 0.0, 12345.678), after(4090));
  text += bar.end_epoch(result(0.0, std::nan(""), 6090));
  EXPECT_EQ(text, golden_text("progress_bar.txt"));
}

TEST(ProgressBar, NamesTheEpochWhereThereAreSeveral) {
  ProgressBar bar(colour_terminal);
  EXPECT_EQ(bar.begin_epoch({.epoch = 2, .epochs = 5, .steps = 422}, start), "Epoch 2/5\n");
  EXPECT_EQ(bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 422}, start), "");
}

TEST(ProgressBar, LeavesValidationOutOfTheStepTime) {
  ProgressBar bar(plain_terminal);
  bar.begin_epoch({.epoch = 1, .epochs = 5, .steps = 422}, start);
  EXPECT_THAT(bar.end_epoch(validated(9, 4.22)),
              EndsWith("━ 9s 10ms/step - accuracy: 0.9321 - loss: 0.2312 - val_accuracy: 0.9812 - val_loss: "
                       "9.3000e-04\n"));
}

TEST(ProgressBar, LeavesTheFirstStepOutOfTheStepTimeWhereItWasSeenAlone) {
  ProgressBar bar(plain_terminal);
  bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 11}, start);
  bar.update(at_step(1, 0, 1), after(3));
  EXPECT_THAT(bar.end_epoch(result(0, 1, 3.1)), HasSubstr(" 10ms/step "));
  bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 10}, start);
  bar.update(at_step(4, 0, 1), after(3));
  EXPECT_THAT(bar.end_epoch(result(0, 1, 4)), HasSubstr(" 400ms/step "));
}

TEST(ProgressBar, ShowsMicrosecondsForVeryShortSteps) {
  ProgressBar bar(plain_terminal);
  bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 1000}, start);
  EXPECT_THAT(bar.end_epoch(result(0, 1, 0.0424)), HasSubstr(" 0s 42us/step "));
}

TEST(ProgressBar, RedrawsAtMostEveryFiftyMilliseconds) {
  ProgressBar bar(plain_terminal);
  bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 422}, start);
  EXPECT_NE(bar.update(at_step(1, 0, 1), after(1.000)), "");
  EXPECT_EQ(bar.update(at_step(2, 0, 1), after(1.049)), "");
  EXPECT_NE(bar.update(at_step(3, 0, 1), after(1.051)), "");
}

TEST(ProgressBar, WithoutColourHasNoEscapesAndShowsTheBarByItsLength) {
  ProgressBar bar(plain_terminal);
  bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 40}, start);
  EXPECT_EQ(bar.update(at_step(10, 0.5, 1), after(1)),
            "\r10/40 ━━━━━" + std::string(15, ' ') + " 3s 100ms/step - accuracy: 0.5000 - loss: 1.0000");
}

TEST(ProgressBar, DrawsTheBarOfEqualSignsWithoutUtf8) {
  ProgressBar bar({.interactive = true, .columns = 200});
  bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 40}, start);
  EXPECT_THAT(bar.end_epoch(result(0.5, 1, 4)), StartsWith("\r40/40 ==================== 4s 100ms/step"));
}

TEST(ProgressBar, WritesOnePlainLineAnEpochInAPipe) {
  ProgressBar bar({.utf8 = true});
  EXPECT_EQ(bar.begin_epoch({.epoch = 1, .epochs = 5, .steps = 422}, start), "");
  EXPECT_EQ(bar.update(at_step(1, 0.5, 1), after(1)), "");
  EXPECT_EQ(bar.end_epoch(validated(2.5, 2.5)),
            "Epoch 1/5 - 422/422 - 2s - 4ms/step - accuracy: 0.9321 - loss: 0.2312 - val_accuracy: 0.9812 - val_loss: "
            "9.3000e-04\n");
  bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 422}, start);
  EXPECT_EQ(bar.end_epoch(result(0.5, 0.25, 0.5)), "422/422 - 0s - 1ms/step - accuracy: 0.5000 - loss: 0.2500\n");
  EXPECT_EQ(bar.abandon(), "");
}

TEST(ProgressBar, NeverWrapsALineThatItWillRedraw) {
  for (unsigned columns = 30; columns < 100; ++columns) {
    ProgressBar bar({.interactive = true, .utf8 = true, .columns = columns});
    bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 422}, start);
    bar.update(at_step(1, 0.5, 1), after(1));
    const std::string redrawn = bar.update(at_step(2, 0.5, 1e-9), after(2));
    const std::string visible = redrawn.substr(redrawn.find('\r') + 1);
    EXPECT_LE(text_width(visible), columns) << visible;
    EXPECT_THAT(visible, StartsWith("  2/422 "));
  }
}

TEST(ProgressBar, DropsTheBarBeforeAnyMetricAndMetricsFromTheRight) {
  const auto line = [](unsigned columns) {
    ProgressBar bar({.interactive = true, .utf8 = true, .columns = columns});
    bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 40}, start);
    return bar.update(at_step(20, 0.5, 1), after(2));
  };
  EXPECT_THAT(line(74), HasSubstr("━"));
  EXPECT_EQ(line(73), "\r20/40 2s 100ms/step - accuracy: 0.5000 - loss: 1.0000");
  EXPECT_EQ(line(52), "\r20/40 2s 100ms/step - accuracy: 0.5000");
  EXPECT_EQ(line(37), "\r20/40 2s 100ms/step");
}

TEST(ProgressBar, KeepsAllFiguresOfTheLastLineHoweverNarrow) {
  const auto line = [](unsigned columns) {
    ProgressBar bar({.interactive = true, .utf8 = true, .columns = columns});
    bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 422}, start);
    return bar.end_epoch(validated(3, 2.11));
  };
  const std::string figures =
      " 3s 5ms/step - accuracy: 0.9321 - loss: 0.2312 - val_accuracy: 0.9812 - val_loss: 9.3000e-04\n";
  EXPECT_EQ(line(120), "\r422/422 " + repeated("━", 20) + figures);
  EXPECT_EQ(line(110), "\r422/422" + figures);
  EXPECT_EQ(line(80), "\r422/422 " + repeated("━", 20) + figures);
}

TEST(ProgressBar, BreaksTheLastLineBetweenMetricsWhereATerminalWouldBreakNumbers) {
  ProgressBar bar({.interactive = true, .utf8 = true, .columns = 60, .breaks_lines = true});
  bar.begin_epoch({.epoch = 1, .epochs = 1, .steps = 422}, start);
  const std::string drawn = bar.update(at_step(1, 0.5, 1), after(1));
  const std::size_t width = text_width(drawn) - 1;
  EXPECT_EQ(bar.end_epoch(validated(3, 2.11)), "\r" + std::string(width, ' ') + std::string(width, '\b') +
                                                   "\r422/422 " + repeated("━", 20) +
                                                   " 3s 3ms/step - accuracy: 0.9321\n"
                                                   "  - loss: 0.2312 - val_accuracy: 0.9812\n"
                                                   "  - val_loss: 9.3000e-04\n");
}

TEST(ProgressBar, EndsAnOpenLineOnceWhenItIsAbandoned) {
  ProgressBar bar(plain_terminal);
  bar.begin_epoch({.epoch = 1, .epochs = 5, .steps = 422}, start);
  EXPECT_EQ(bar.abandon(), "");
  bar.update(at_step(1, 0.5, 1), after(1));
  EXPECT_EQ(bar.abandon(), "\n");
  EXPECT_EQ(bar.abandon(), "");
  bar.begin_epoch({.epoch = 2, .epochs = 5, .steps = 422}, start);
  bar.update(at_step(1, 0.5, 1), after(1));
  EXPECT_THAT(bar.end_epoch(result(0.5, 1, 2)), EndsWith("\n"));
  EXPECT_EQ(bar.abandon(), "");
}

}  // namespace
}  // namespace nib
