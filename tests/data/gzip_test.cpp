// The gzip threat list: broken members, bombs, and what is legal but rare.
#include "encodings/gzip.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "data/idx.h"
#include "data/idx_files.h"

namespace nib {
namespace {

constexpr std::size_t header_bytes = 10, trailer_bytes = 8;

Bytes part(const Bytes& bytes, std::size_t begin, std::size_t end) {
  return {bytes.begin() + std::ptrdiff_t(begin), bytes.begin() + std::ptrdiff_t(end)};
}

/// A member whose header has every optional field; `checksum_error` spoils the header's own checksum.
Bytes member_with_all_header_fields(const Bytes& content, std::uint8_t checksum_error) {
  const Bytes plain = gzip(content);
  // What Python's zlib.crc32() gives for these bytes, lower 16 bits.
  Bytes header = {0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 255, 3, 0, 'a', 'b', 'c', 'n', 0, 'c', 0};
  constexpr unsigned crc = 0xC1F7;
  header.push_back(static_cast<std::uint8_t>((crc & 0xFFu) ^ checksum_error));
  header.push_back(static_cast<std::uint8_t>(crc >> 8));
  return joined({header, part(plain, header_bytes, plain.size())});
}

std::string line(const Bytes& file, std::uint64_t size = 100) {
  const Error error = error_of([&] { gunzip(file, size, "FILE"); });
  EXPECT_EQ(error.code(), ExitCode::bad_input);
  return error.what();
}

TEST(Gzip, InflatesWhatWasCompressed) {
  const Bytes content = some_bytes(200'000);
  EXPECT_EQ(gunzip(gzip(content), content.size(), "f"), content);
}

TEST(Gzip, InflatesSeveralMembers) {
  const Bytes content = some_bytes(100'000);
  const Bytes file = joined({gzip({}), gzip(part(content, 0, 3)), gzip(part(content, 3, 90'000)), gzip({}),
                             gzip(part(content, 90'000, content.size())), gzip({})});
  EXPECT_EQ(gunzip(file, content.size(), "f"), content);
  EXPECT_EQ(gzip_beginning(file, 16, "f"), part(content, 0, 16));
}

TEST(Gzip, KnowsTheOptionalHeaderFields) {
  const Bytes content = some_bytes(50);
  EXPECT_EQ(gunzip(member_with_all_header_fields(content, 0), 50, "f"), content);
  EXPECT_EQ(line(member_with_all_header_fields(content, 1)),
            "FILE: gzip header checksum at byte 19: gzip header is damaged (expected 0xc1f7, got 0xc1f6)");
}

TEST(Gzip, BeginningIsThereWhateverTheFirstBlockIs) {
  // Stored blocks, one long match, and content shorter than what is asked for.
  Bytes noise;
  for (std::uint32_t index = 0, state = 1; index < 300'000; ++index) {
    state = state * 1664525u + 1013904223u;
    noise.push_back(static_cast<std::uint8_t>(state >> 24));
  }
  EXPECT_EQ(gzip_beginning(gzip(noise), 16, "f"), part(noise, 0, 16));
  EXPECT_EQ(gzip_beginning(gzip(Bytes(10'000'000, 5)), 16, "f"), Bytes(16, 5));
  EXPECT_EQ(gzip_beginning(gzip({1, 2, 3}), 16, "f"), (Bytes{1, 2, 3}));
}

TEST(Gzip, RefusesWhatIsNoGzipFile) {
  EXPECT_STREQ(error_of([] { gzip_beginning({}, 16, "FILE"); }).what(), "FILE: file is empty (expected a gzip file)");
  EXPECT_EQ(line({'<', '!', 'D', 'O'}), "FILE: gzip magic at byte 0: not a gzip file (expected 1f 8b, got 3c 21)");
  EXPECT_EQ(line({0x1f}), "FILE: gzip at byte 1: file ends inside a gzip header");
}

TEST(Gzip, ChecksTheHeader) {
  const Bytes good = gzip(some_bytes(100));
  Bytes method = good, flags = good;
  method[2] = 7;
  flags[3] = 0x20;
  EXPECT_EQ(line(method), "FILE: gzip method at byte 2: unknown compression method (expected 8 (deflate), got 7)");
  EXPECT_EQ(line(flags), "FILE: gzip flags at byte 3: reserved flags are set (expected 0x00 to 0x1f, got 0x20)");
}

TEST(Gzip, EveryTruncationIsNoticed) {
  const Bytes whole = joined({gzip(some_bytes(40)), gzip(some_bytes(60))});
  const std::size_t first_member = gzip(some_bytes(40)).size();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string expected_line = line(part(whole, 0, size));
    if (size != first_member) continue;
    EXPECT_EQ(expected_line,
              "FILE: length: content is not as long as its header declares (expected 100 bytes, got 40 bytes)");
  }
  EXPECT_EQ(line(part(whole, 0, whole.size() - 1)),
            "FILE: gzip at byte " + std::to_string(whole.size() - 1) + ": file ends inside a gzip trailer");
  EXPECT_EQ(line(part(whole, 0, first_member + 12)), "FILE: gzip data at byte " + std::to_string(first_member + 10) +
                                                         ": compressed data are damaged or cut off");
}

TEST(Gzip, ChecksTheTrailer) {
  const Bytes content = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};  // whose CRC-32 is the usual check value
  Bytes crc = gzip(content), size = crc;
  const std::size_t trailer = crc.size() - trailer_bytes;
  crc[trailer] ^= 1;
  size[trailer + 4] = 10;
  EXPECT_EQ(line(crc, 9), "FILE: gzip CRC-32 at byte " + std::to_string(trailer) +
                              ": checksum differs: the file is damaged (expected 0xcbf43926 by its content, got "
                              "0xcbf43927)");
  EXPECT_EQ(line(size, 9), "FILE: gzip ISIZE at byte " + std::to_string(trailer + 4) +
                               ": length differs: the file is damaged (expected 9 by its content, got 10)");
}

TEST(Gzip, RefusesTrailingBytes) {
  const Bytes good = gzip(some_bytes(100));
  for (const Bytes& garbage : {Bytes{0}, Bytes{'x', 'y', 'z'}}) {
    const Bytes bad = joined({good, garbage});
    EXPECT_EQ(line(bad), fmt::format("FILE: gzip at byte {0}: trailing bytes behind the gzip data (expected {0} bytes, "
                                     "got {1} bytes)",
                                     good.size(), bad.size()));
  }
}

TEST(Gzip, NoFlippedBitChangesTheContent) {
  const Bytes content = some_bytes(100), good = gzip(content);
  int noticed = 0;
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    try {
      // What goes unnoticed means nothing: time stamp and system in the header, padding bits of a block.
      EXPECT_EQ(gunzip(bad, content.size(), "FILE"), content) << "bit " << bit;
    } catch (const Error&) {
      ++noticed;
    }
  }
  EXPECT_GT(noticed, 8 * 100);
}

TEST(Gzip, BombsStopAtTheDeclaredSize) {
  const Bytes bomb = gzip(Bytes(50'000'000, 0));
  EXPECT_EQ(line(bomb, 1000),
            "FILE: length: content is not as long as its header declares (expected 1,000 bytes, got more)");
}

TEST(Gzip, RefusesSizesThatCannotBeHonest) {
  EXPECT_EQ(largest_gzip_content(1000), 1'032'000u);
  EXPECT_EQ(largest_gzip_content(100'000), std::uint64_t{64} << 20);
  EXPECT_EQ(largest_gzip_content(10'000'000), 1'000'000'000u);
  const Bytes small = gzip({1});
  EXPECT_EQ(line(small, 4'000'000'000),
            "FILE: length: header declares more than so small a gzip file can hold (expected at most " +
                with_commas(small.size() * 1032) + " bytes, got 4,000,000,000 bytes)");
}

TEST(GzippedIdx, HeaderAndContentMustAgree) {
  const Bytes pixels = some_bytes(2 * 3 * 4);
  const IdxContent content = decode_idx(gzip(idx_images(2, 3, 4, pixels)), IdxKind::images, "FILE.gz");
  EXPECT_EQ(content.header, (IdxHeader{.kind = IdxKind::images, .count = 2, .rows = 3, .columns = 4}));
  EXPECT_EQ(Bytes(content.bytes.begin() + 16, content.bytes.end()), pixels);

  const auto idx_line = [](const Bytes& inside) {
    return std::string(error_of([&] { decode_idx(gzip(inside), IdxKind::labels, "FILE.gz"); }).what());
  };
  EXPECT_EQ(idx_line(idx_labels(3, {1, 2})),
            "FILE.gz: length: content is not as long as its header declares (expected 11 bytes, got 10 bytes)");
  EXPECT_EQ(idx_line(idx_labels(3, {1, 2, 3, 4})),
            "FILE.gz: length: content is not as long as its header declares (expected 11 bytes, got more)");
  EXPECT_EQ(idx_line({}), "FILE.gz: file is empty (expected an IDX header of 8 bytes, got 0 bytes)");
  EXPECT_EQ(idx_line(gzip(idx_labels(1, {1}))),
            "FILE.gz: magic at byte 0: not an IDX file (expected 0x00000801, got 0x1f8b0800 (gzip data))");
}

}  // namespace
}  // namespace nib
