#include "encodings/protobuf.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace nib {
namespace {

TEST(ProtobufMessage, WritesIntegersSevenBitsAByte) {
  EXPECT_EQ(ProtobufMessage().integer(1, 0).encoded(), std::string("\x08\0", 2));
  EXPECT_EQ(ProtobufMessage().integer(1, 127).encoded(), "\x08\x7f");
  EXPECT_EQ(ProtobufMessage().integer(1, 128).encoded(), "\x08\x80\x01");
  EXPECT_EQ(ProtobufMessage().integer(1, 150).encoded(), "\x08\x96\x01");  // the example of the encoding's description
  EXPECT_EQ(ProtobufMessage().integer(2, std::numeric_limits<std::uint64_t>::max()).encoded(),
            "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST(ProtobufMessage, WritesNumbersOfFixedSizeLowestByteFirst) {
  EXPECT_EQ(ProtobufMessage().float64(1, 1.5).encoded(), std::string("\x09\0\0\0\0\0\0\xf8\x3f", 9));
  EXPECT_EQ(ProtobufMessage().float32(2, 0.25f).encoded(), std::string("\x15\0\0\x80\x3e", 5));
}

TEST(ProtobufMessage, WritesLengthsBeforeTextsAndMessages) {
  EXPECT_EQ(ProtobufMessage().bytes(2, "testing").encoded(), "\x12\x07testing");
  EXPECT_EQ(ProtobufMessage().message(3, ProtobufMessage().integer(1, 150)).encoded(), "\x1a\x03\x08\x96\x01");
  const std::string longer = ProtobufMessage().bytes(2, std::string(300, 'x')).encoded();
  EXPECT_EQ(longer, "\x12\xac\x02" + std::string(300, 'x'));
}

TEST(ProtobufMessage, WritesLargeFieldNumbersInSeveralBytes) {
  EXPECT_EQ(ProtobufMessage().integer(16, 1).encoded(), "\x80\x01\x01");
}

}  // namespace
}  // namespace nib
