#include "logs/summary_events.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "logs/event_reader.h"
#include "logs/png_header.h"
#include "logs/tf_record.h"
#include "logs/tiny_png.h"

namespace nib {
namespace {

/// The bytes are those of TensorBoard's own messages.
TEST(SummaryEvents, VersionHasTheBytesOfTensorBoard) {
  EXPECT_EQ(version_event(1.5).encoded(), std::string("\x09\0\0\0\0\0\0\xf8\x3f"
                                                      "\x1a\x0d"
                                                      "brain.Event:2",
                                                      24));
}

TEST(SummaryEvents, ScalarHasTheBytesOfTensorBoard) {
  EXPECT_EQ(scalar_event(1.5, 300, "epoch_loss", 0.25f).encoded(), std::string("\x09\0\0\0\0\0\0\xf8\x3f"
                                                                               "\x10\xac\x02"
                                                                               "\x2a\x13"
                                                                               "\x0a\x11"
                                                                               "\x0a\x0a"
                                                                               "epoch_loss"
                                                                               "\x15\0\0\x80\x3e",
                                                                               33));
}

TEST(SummaryEvents, ImageHasItsSizeAndItsBytes) {
  const std::vector<std::uint8_t> png = tiny_png(6);
  const EventFileContents file = read_events(tf_record(image_event(2.5, 4, "curves", png).encoded()));
  ASSERT_EQ(file.events.size(), 1u);
  const LoggedEvent& event = file.events[0];
  EXPECT_EQ(event.wall_time, 2.5);
  EXPECT_EQ(event.step, 4u);
  EXPECT_EQ(event.tag, "curves");
  ASSERT_TRUE(event.image);
  EXPECT_EQ(event.image->width, 3u);
  EXPECT_EQ(event.image->height, 2u);
  EXPECT_EQ(event.image->channels, 4u);
  EXPECT_EQ(event.image->png, std::string(png.begin(), png.end()));
}

TEST(PngHeader, TellsTheChannelsOfEveryColourType) {
  EXPECT_EQ(png_header(tiny_png(0)).channels, 1u);
  EXPECT_EQ(png_header(tiny_png(2)).channels, 3u);
  EXPECT_EQ(png_header(tiny_png(3)).channels, 3u);
  EXPECT_EQ(png_header(tiny_png(4)).channels, 2u);
  EXPECT_EQ(png_header(tiny_png(6)).channels, 4u);
  EXPECT_THROW(png_header(tiny_png(5)), std::invalid_argument);
}

TEST(PngHeader, RefusesWhatIsNoPngFile) {
  std::vector<std::uint8_t> png = tiny_png(0);
  EXPECT_THROW(png_header(std::span(png).first(28)), std::invalid_argument);
  EXPECT_THROW(png_header({}), std::invalid_argument);
  png[1] = 'J';
  EXPECT_THROW(png_header(png), std::invalid_argument);
}

}  // namespace
}  // namespace nib
