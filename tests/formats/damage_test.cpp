#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "base/temporary_folder.h"
#include "formats/tiny_file.h"
#include "formats/weights.h"

// Every bit of a file that nib wrote counts: whichever flips, the file is refused.
namespace nib {
namespace {

std::vector<std::uint8_t> written(const Network& network) {
  const TemporaryFolder folder;
  write_weights(folder / "f", network, initial_parameters(network, 1), "mnist", {"a", "b"});
  return read_file(folder / "f", std::uint64_t{1} << 30);
}

bool is_refused(const std::vector<std::uint8_t>& bytes) {
  try {
    parse_weights(bytes, "f", {.allow_extra = true, .allow_nonfinite = true});
  } catch (const Error& error) {
    return error.code() == ExitCode::bad_input;
  }
  return false;
}

TEST(Damage, EveryFlippedBitOfASmallFileIsFound) {
  std::vector<std::uint8_t> bytes = written(tiny_network());
  ASSERT_FALSE(is_refused(bytes));
  for (std::size_t index = 0; index < bytes.size(); ++index)
    for (unsigned bit = 0; bit < 8; ++bit) {
      bytes[index] = static_cast<std::uint8_t>(bytes[index] ^ (1u << bit));
      EXPECT_TRUE(is_refused(bytes)) << "byte " << index << ", bit " << bit;
      bytes[index] = static_cast<std::uint8_t>(bytes[index] ^ (1u << bit));
    }
}

TEST(Damage, EveryOverwrittenByteOfASmallFileIsFound) {
  std::vector<std::uint8_t> bytes = written(tiny_network());
  for (std::uint8_t& byte : bytes)
    for (const std::uint8_t value : std::initializer_list<std::uint8_t>{0x00, 0x20, 0x22, 0xFF}) {
      const std::uint8_t before = byte;
      byte = value;
      EXPECT_EQ(is_refused(bytes), value != before) << "byte " << &byte - bytes.data();
      byte = before;
    }
}

TEST(Damage, FlippedBitsOfABigFileAreFound) {
  std::vector<std::uint8_t> bytes = written(digits_network());
  ASSERT_FALSE(is_refused(bytes));
  for (std::size_t index = 1; index < bytes.size(); index += 9001) {
    bytes[index] ^= 0x10;
    EXPECT_TRUE(is_refused(bytes)) << "byte " << index;
    bytes[index] ^= 0x10;
  }
}

TEST(Damage, EveryTruncationOfASmallFileIsFound) {
  std::vector<std::uint8_t> bytes = written(tiny_network());
  while (!bytes.empty()) {
    bytes.pop_back();
    EXPECT_TRUE(is_refused(bytes)) << bytes.size() << " bytes";
  }
}

TEST(Damage, IsCalledSo) {
  std::vector<std::uint8_t> bytes = written(tiny_network());
  bytes.back() ^= 1;
  EXPECT_NE(refusal(bytes).find("f: nib.sha256: file is damaged, its checksum does not match (expected "),
            std::string::npos);
}

}  // namespace
}  // namespace nib
