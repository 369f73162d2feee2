#include "base/hash.h"

#include <gtest/gtest.h>

#include <string_view>

namespace nib {
namespace {

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The examples of FIPS 180-2, appendix B.
TEST(Sha256, HashesTheStandardsExamples) {
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, GivesTheSameInPieces) {
  Sha256Stream stream;
  stream.update(bytes("abcdbcdecdefdefgefgh"));
  stream.update({});
  stream.update(bytes("fghighijhijkijkljklmklmnlmnomnopnopq"));
  EXPECT_EQ(to_hex(stream.finish()), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

}  // namespace
}  // namespace nib
