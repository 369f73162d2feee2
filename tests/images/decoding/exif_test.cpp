// EXIF data that lie: wild offsets, loops, wrong types. They never do more than leave an image as it is.
#include "images/decoding/exif.h"

#include <gtest/gtest.h>

#include "images/decoding/image_files.h"

namespace nib {
namespace {

Bytes entry(std::uint32_t tag, std::uint32_t type, std::uint32_t count, std::uint32_t value) {
  return joined({little_endian(tag, 2), little_endian(type, 2), little_endian(count, 4), little_endian(value, 4)});
}

/// TIFF header, the first directory's offset, padding up to it, and what it holds.
Bytes exif(std::uint32_t directory, std::uint32_t entries, const Bytes& content) {
  Bytes bytes = joined({bytes_of("II*"), {0}, little_endian(directory, 4)});
  if (directory > 8) bytes.resize(directory);
  return joined({bytes, little_endian(entries, 2), content});
}

const Bytes turned = entry(0x0112, 3, 1, 6);

TEST(Exif, FindsTheOrientationWhereverItStands) {
  EXPECT_EQ(exif_orientation(exif(8, 1, turned)), 6u);
  EXPECT_EQ(exif_orientation(exif(77, 3, joined({entry(1, 2, 3, 4), entry(0x8769, 4, 1, 0), turned}))), 6u);
}

TEST(Exif, WithoutAnOrientationIsUpright) {
  EXPECT_EQ(exif_orientation({}), upright);
  EXPECT_EQ(exif_orientation(exif(8, 0, {})), upright);
  EXPECT_EQ(exif_orientation(exif(8, 1, entry(0x010F, 2, 4, 0))), upright);
  EXPECT_EQ(exif_orientation(bytes_of("JPEG has no such header")), upright);
}

TEST(Exif, IgnoresValuesThatMakeNoSense) {
  for (const std::uint32_t value : {0u, 9u, 65535u})
    EXPECT_EQ(exif_orientation(exif(8, 1, entry(0x0112, 3, 1, value))), upright);
  EXPECT_EQ(exif_orientation(exif(8, 1, entry(0x0112, 4, 1, 6))), upright);
  EXPECT_EQ(exif_orientation(exif(8, 1, entry(0x0112, 3, 2, 6))), upright);
}

TEST(Exif, IgnoresOffsetsBehindItsEnd) {
  const Bytes whole = exif(8, 1, turned);
  for (const std::uint32_t offset : {21u, 22u, 1000u, 0x7FFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFEu})
    EXPECT_EQ(exif_orientation(joined({part(whole, 0, 4), little_endian(offset, 4), part(whole, 8, whole.size())})),
              upright)
        << offset;
}

TEST(Exif, DirectoriesThatPointAtThemselvesAreNotFollowed) {
  const Bytes next = little_endian(8, 4);
  EXPECT_EQ(exif_orientation(joined({exif(8, 2, joined({entry(0x8769, 4, 1, 8), entry(0x014A, 4, 1, 8)})), next})),
            upright);
  EXPECT_EQ(exif_orientation(exif(0, 1, turned)), upright);  // "II" as a count, then nonsense
}

TEST(Exif, MoreEntriesThanThereAreEndAtTheEnd) {
  EXPECT_EQ(exif_orientation(exif(8, 65535, entry(1, 2, 3, 4))), upright);
  EXPECT_EQ(exif_orientation(exif(8, 65535, joined({entry(1, 2, 3, 4), turned}))), 6u);
}

TEST(Exif, CutOffAnywhereIsUpright) {
  const Bytes whole = exif(8, 1, turned);
  for (std::size_t size = 0; size + 2 < whole.size(); ++size)
    EXPECT_EQ(exif_orientation(part(whole, 0, size)), upright);
}

TEST(Exif, OfASegmentNeedsItsIdentifier) {
  const Bytes data = exif(8, 1, turned);
  EXPECT_EQ(app1_orientation(joined({bytes_of("Exif"), {0, 0}, data})), 6u);
  EXPECT_EQ(app1_orientation(joined({bytes_of("http://ns.adobe.com/xap/1.0/"), {0}, data})), upright);
  EXPECT_EQ(app1_orientation(data), upright);
  EXPECT_EQ(app1_orientation({}), upright);
}

}  // namespace
}  // namespace nib
