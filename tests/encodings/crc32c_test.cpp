#include "encodings/crc32c.h"

#include <gtest/gtest.h>

#include <string>

namespace nib {
namespace {

/// RFC 3720, appendix B.4, where the checksums are printed with their lowest byte first.
TEST(Crc32c, GivesTheChecksumsOfRfc3720) {
  std::string rising, falling;
  for (char byte = 0; byte < 32; ++byte) {
    rising += byte;
    falling.insert(falling.begin(), byte);
  }
  const std::string read_command(
      "\x01\xc0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14\0\0\0\0\0\x04\0\0\0\0\x14\0\0\0\x18\x28\0\0\0\0\0\0\0\x02\0\0\0\0\0\0"
      "\0",
      48);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43u);
  EXPECT_EQ(crc32c(rising), 0x46DD794Eu);
  EXPECT_EQ(crc32c(falling), 0x113FDB5Cu);
  EXPECT_EQ(crc32c(read_command), 0xD9963A56u);
}

TEST(Crc32c, GivesTheCheckValueOfItsKind) { EXPECT_EQ(crc32c("123456789"), 0xE3069283u); }

TEST(Crc32c, GoesOnWithBytesThatComeInPieces) {
  EXPECT_EQ(crc32c("6789", crc32c("12345")), 0xE3069283u);
  EXPECT_EQ(crc32c("", 0xE3069283u), 0xE3069283u);
}

TEST(Crc32c, IsZeroForNoBytes) { EXPECT_EQ(crc32c(""), 0u); }

}  // namespace
}  // namespace nib
