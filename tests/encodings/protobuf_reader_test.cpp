#include "encodings/protobuf_reader.h"

#include <gtest/gtest.h>

#include "encodings/protobuf.h"

namespace nib {
namespace {

const std::string source = "f";

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(ProtobufReader, ReadsWhatIsWritten) {
  const ProtobufMessage inner = ProtobufMessage().integer(1, ~std::uint64_t{0});
  const std::string text = ProtobufMessage()
                               .integer(1, 300)
                               .float64(2, 1.5)
                               .float32(536870911, -2.5F)
                               .bytes(4, "abc")
                               .message(5, inner)
                               .encoded();
  ProtobufReader reader(bytes_of(text), source);
  EXPECT_EQ(reader.integer(reader.next().value()), 300u);
  EXPECT_EQ(reader.next()->bits, 0x3FF8000000000000u);
  const ProtobufField small = reader.next().value();
  EXPECT_EQ(small.number, 536870911u);
  EXPECT_EQ(reader.float32(small), -2.5F);
  EXPECT_EQ(reader.text(reader.next().value()), "abc");
  ProtobufReader message = reader.message(reader.next().value());
  EXPECT_EQ(message.integer(message.next().value()), ~std::uint64_t{0});
  EXPECT_FALSE(message.next());
  EXPECT_FALSE(reader.next());
}

TEST(ProtobufReader, TakesWholeNumbersOneByOneAndPacked) {
  const std::string text = ProtobufMessage().integer(1, 7).bytes(1, std::string("\x01\xac\x02", 3)).encoded();
  ProtobufReader reader(bytes_of(text), source);
  std::vector<std::int64_t> numbers;
  while (const auto field = reader.next()) reader.append_integers(*field, 3, numbers);
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{7, 1, 300}));
  EXPECT_THROW(reader.append_integers({}, 3, numbers), Error);
}

TEST(ProtobufReader, NamesTheByteOfAnErrorInTheWholeFile) {
  const std::string text = ProtobufMessage().bytes(1, "xy").message(2, ProtobufMessage().bytes(3, "z")).encoded();
  ProtobufReader reader(bytes_of(text), source);
  reader.next();
  ProtobufReader message = reader.message(reader.next().value());
  try {
    message.integer(message.next().value());
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "f: byte 6: field 3 is of another wire type than it should be");
  }
}

}  // namespace
}  // namespace nib
