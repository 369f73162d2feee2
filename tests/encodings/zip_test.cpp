#include "encodings/zip.h"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace nib {
namespace {

using Bytes = std::vector<std::uint8_t>;
using testing::ElementsAre;

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

Bytes from_hexadecimal(std::string_view digits) {
  Bytes bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(std::string(digits.substr(i, 2)), nullptr, 16)));
  return bytes;
}

// Made with zipfile of Python 3.11: a.txt (deflated), folder/, b (empty).
Bytes pythons_archive() {
  return from_hexadecimal(
      "504b03041400000008000000210093836b8a080000001900000005000000612e7478744b4c4a4ec486b800504b03041400000000000000"
      "210000000000000000000000000007000000666f6c6465722f504b0304140000000000000021000000000000000000000000000100000062"
      "504b010214031400000008000000210093836b8a0800000019000000050000000000000000000000800100000000612e747874504b0102"
      "14031400000000000000210000000000000000000000000007000000000000000000000080012b000000666f6c6465722f504b01021403"
      "1400000000000000210000000000000000000000000001000000000000000000000080015000000062504b0506000000000300030097"
      "0000006f0000000000");
}
constexpr std::size_t directory = 0x6f, end_record = 262;

// As numpy.savez writes an entry: with a ZIP64 field in its own header, though it is small.
constexpr std::string_view numpys_archive =
    "504b03042d00000000000000210061766ee1ffffffffffffffff05001400772e6e70790100100006000000000000000600000000000000934e"
    "554d5059504b01022d032d00000000000000210061766ee10600000006000000050000000000000000000000800100000000772e6e7079504b"
    "05060000000001000100330000003d0000000000";

// As zipfile writes to a pipe: sizes and checksum behind the data.
constexpr std::string_view streamed_archive =
    "504b030414000800000000002100000000000000000000000000010000007373747265616d504b07081cbee9f00600000006000000504b0102"
    "1403140008000000000021001cbee9f0060000000600000001000000000000000000000080010000000073504b0506000000000100010"
    "02f000000350000000000";

std::string refusal(const Bytes& archive, std::uint64_t most = 1000) {
  try {
    for (const ZipEntry& entry : zip_entries(archive, "f")) zip_content(entry, most, "f");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "none";
}

/// Python's archive with some bytes changed.
std::string refusal_with(std::size_t offset, const Bytes& replacement) {
  Bytes archive = pythons_archive();
  std::ranges::copy(replacement, archive.begin() + std::ptrdiff_t(offset));
  return refusal(archive);
}

TEST(Zip, ReadsDeflatedAndStoredEntriesAndLeavesFoldersOut) {
  const Bytes archive = pythons_archive();
  const std::vector<ZipEntry> entries = zip_entries(archive, "f");
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].name, "a.txt");
  EXPECT_EQ(zip_content(entries[0], 25, "f"), bytes_of("abcabcabcabcabcabcabcabc\n"));
  EXPECT_EQ(entries[1].name, "b");
  EXPECT_EQ(zip_content(entries[1], 0, "f"), Bytes());
}

TEST(Zip, ReadsWhatNumPyAndPipesMakeOfTheHeaders) {
  const Bytes numpys = from_hexadecimal(numpys_archive);
  EXPECT_EQ(zip_content(zip_entries(numpys, "f").at(0), 6, "f"), bytes_of("\x93NUMPY"));
  const Bytes streamed = from_hexadecimal(streamed_archive);
  EXPECT_EQ(zip_content(zip_entries(streamed, "f").at(0), 6, "f"), bytes_of("stream"));
}

TEST(Zip, ReadsAnArchiveWithAComment) {
  Bytes archive = pythons_archive();
  archive[end_record + 20] = 3;
  EXPECT_EQ(refusal(archive), "f: zip: the archive's directory is missing");
  for (int i = 0; i < 3; ++i) archive.push_back('!');
  EXPECT_EQ(refusal(archive), "none");
}

TEST(Zip, WritesWhatItReads) {
  const Bytes one = bytes_of("one"), none, large(100'000, 7);
  const std::vector<ZipContent> files{{"one", one}, {"folder/none", none}, {"large", large}};
  const Bytes archive = zip_bytes(files, "f");
  std::vector<std::string> names;
  std::vector<Bytes> contents;
  for (const ZipEntry& entry : zip_entries(archive, "f")) {
    names.push_back(entry.name);
    contents.push_back(zip_content(entry, large.size(), "f"));
  }
  EXPECT_THAT(names, ElementsAre("one", "folder/none", "large"));
  EXPECT_THAT(contents, ElementsAre(one, none, large));
}

TEST(Zip, IsRefusedAtEveryLengthThatIsTooShort) {
  const Bytes archive = pythons_archive();
  for (std::size_t length = 0; length < archive.size(); ++length)
    EXPECT_NE(refusal(Bytes(archive.begin(), archive.begin() + std::ptrdiff_t(length))), "none") << length;
}

TEST(Zip, RefusesAnArchiveWhoseEndIsWrong) {
  EXPECT_EQ(refusal(bytes_of("PK\x03\x04")), "f: zip: too short for a ZIP archive");
  EXPECT_EQ(refusal_with(end_record + 4, {1}), "f: zip: one of several disks");
  EXPECT_EQ(refusal_with(end_record + 8, {0xFF, 0xFF, 0xFF, 0xFF}), "f: zip: ZIP64, which is for archives over 4 GiB");
  EXPECT_EQ(refusal_with(end_record + 8, {0xFE, 0xFF, 0xFE, 0xFF}),
            "f: zip: too many entries (expected at most 1,024, got 65,534)");
  EXPECT_EQ(refusal_with(end_record + 16, {0x70}), "f: zip: the directory is not where the archive says");
  EXPECT_EQ(refusal_with(end_record + 8, {4, 0, 4}), "f: zip: the directory has fewer entries than the archive says");
  EXPECT_EQ(refusal_with(end_record + 8, {2, 0, 2}), "f: zip: the directory goes on behind its last entry");
}

TEST(Zip, RefusesAnEntryThatIsWrong) {
  EXPECT_EQ(refusal_with(directory + 8, {1}), "f: a.txt: encrypted");
  EXPECT_EQ(refusal_with(directory + 10, {12}),
            "f: a.txt: unknown compression method (expected 0 (stored) or 8 (deflated), got 12)");
  EXPECT_EQ(refusal_with(directory + 10, {0}), "f: a.txt: a stored entry has two sizes (expected 25, got 8)");
  EXPECT_EQ(refusal_with(directory + 24, {0xFF, 0xFF, 0xFF, 0xFF}),
            "f: a.txt: ZIP64, which is for archives over 4 GiB");
  EXPECT_EQ(refusal_with(directory + 42, {0x6f}), "f: a.txt: begins outside the archive");
  EXPECT_EQ(refusal_with(directory + 42, {1}), "f: a.txt: no entry where the directory says");
  EXPECT_EQ(refusal_with(30, {'A'}), "f: a.txt: has another name in its own header (got A.txt)");
  EXPECT_EQ(refusal_with(directory + 46, {'.', '.', '/', '.', '.'}),
            "f: ../..: has another name in its own header (got a.txt)");
  EXPECT_EQ(refusal_with(6, {2}), "f: a.txt: has other flags or another method in its own header");
  EXPECT_EQ(refusal_with(directory + 24, {26}), "f: a.txt: has another size or checksum in its own header");
  EXPECT_EQ(refusal_with(28, {200}), "f: a.txt: its header is cut off");
}

TEST(Zip, RefusesEntriesThatShareBytesOrNames) {
  const Bytes text = bytes_of("text");
  const std::vector<ZipContent> twice{{"x", text}, {"x", text}};
  EXPECT_EQ(refusal(zip_bytes(twice, "f")), "f: x: is there twice");
  // The directory's second entry shows to the bytes of the first.
  const std::vector<ZipContent> files{{"x", text}, {"x", text}};
  Bytes archive = zip_bytes(files, "f");
  const std::size_t second = archive.size() - 22 - 47;
  archive[second + 42] = 0;
  EXPECT_EQ(refusal(archive), "f: x: shares bytes with another entry");
}

TEST(Zip, RefusesContentThatIsDamaged) {
  EXPECT_EQ(refusal_with(35, {0xFF}),
            "f: a.txt: compressed data are damaged, or of another size than the archive says");
  Bytes archive = pythons_archive();
  archive[22] = archive[directory + 24] = 24;
  EXPECT_EQ(refusal(archive), "f: a.txt: compressed data are damaged, or of another size than the archive says");
  archive = pythons_archive();
  archive[14] = archive[directory + 16] = 0;
  EXPECT_EQ(refusal(archive),
            "f: a.txt: checksum differs: the file is damaged (expected 0x8a6b8393 by its content, got 0x8a6b8300)");
}

TEST(Zip, SetsNoMemoryAsideForMoreThanIsTaken) {
  EXPECT_EQ(refusal(pythons_archive(), 24),
            "f: a.txt: unpacks to more than is taken (expected at most 24 bytes, got 25)");
  Bytes archive = pythons_archive();
  archive[24] = archive[directory + 26] = 0xFF;  // 16 MB of eight bytes
  EXPECT_EQ(refusal(archive, std::uint64_t{1} << 32),
            "f: a.txt: unpacks to more than is taken (expected at most 8,256 bytes, got 16,711,705)");
}

}  // namespace
}  // namespace nib
