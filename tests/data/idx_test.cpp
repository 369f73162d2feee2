// The IDX threat list: each case is one broken file and the line that a user gets to see.
#include "data/idx.h"

#include <gtest/gtest.h>

#include "data/idx_files.h"

namespace nib {
namespace {

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Idx, ReadsImagesInRowMajorOrder) {
  const Bytes pixels = some_bytes(2 * 5 * 7);
  const IdxContent content = decode_idx(idx_images(2, 5, 7, pixels), IdxKind::images, "images");
  EXPECT_EQ(content.header, (IdxHeader{.kind = IdxKind::images, .count = 2, .rows = 5, .columns = 7}));
  EXPECT_EQ(Bytes(content.bytes.begin() + 16, content.bytes.end()), pixels);
}

TEST(Idx, ReadsLabels) {
  const IdxContent content = decode_idx(idx_labels(3, {7, 0, 255}), IdxKind::labels, "labels");
  EXPECT_EQ(content.header.count, 3u);
  EXPECT_EQ(content.header.value_bytes(), 3u);
  EXPECT_EQ(Bytes(content.bytes.begin() + 8, content.bytes.end()), (Bytes{7, 0, 255}));
}

TEST(Idx, TakesTheSmallestAndTheLargestImages) {
  EXPECT_EQ(decode_idx(idx_images(1, 1, 1, {9}), IdxKind::images, "f").header.value_bytes(), 1u);
  const IdxContent large = decode_idx(idx_images(1, 256, 256, some_bytes(65536)), IdxKind::images, "f");
  EXPECT_EQ(large.header.value_bytes(), 65536u);
}

struct Threat {
  const char* name;
  IdxKind kind;
  Bytes bytes;
  const char* line;  ///< what follows "FILE: "
};

void PrintTo(const Threat& threat, std::ostream* out) { *out << threat.name; }

class IdxThreat : public ::testing::TestWithParam<Threat> {};

TEST_P(IdxThreat, IsOneLineThatNamesTheField) {
  const Threat& threat = GetParam();
  const Error error = error_of([&] { decode_idx(threat.bytes, threat.kind, "FILE"); });
  EXPECT_EQ(error.code(), ExitCode::bad_input);
  EXPECT_EQ(error.what(), std::string("FILE: ") + threat.line);
}

constexpr IdxKind images = IdxKind::images, labels = IdxKind::labels;
constexpr std::uint32_t most = 0xFFFFFFFF;

const Threat threats[] = {
    {"empty", images, {}, "file is empty (expected an IDX header of 16 bytes, got 0 bytes)"},
    {"three_bytes",
     images,
     {0, 0, 8},
     "header at byte 3: file ends inside its header (expected an IDX header of 16 bytes, got 3 bytes)"},
    {"seven_bytes",
     labels,
     {0, 0, 8, 1, 0, 0, 0},
     "header at byte 7: file ends inside its header (expected an IDX header of 8 bytes, got 7 bytes)"},
    {"fifteen_bytes", images, Bytes{0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0},
     "header at byte 15: file ends inside its header (expected an IDX header of 16 bytes, got 15 bytes)"},
    {"truncated", images, idx_images(2, 2, 2, some_bytes(7)),
     "length: file is cut off (expected 24 bytes by its header, got 23 bytes)"},
    {"trailing_bytes", labels, idx_labels(2, {0, 1, 1}),
     "length: trailing bytes behind the data (expected 10 bytes by its header, got 11 bytes)"},
    {"labels_for_images", images, idx_labels(12, some_bytes(12)),
     "magic at byte 0: holds labels, not images (expected 0x00000803, got 0x00000801)"},
    {"images_for_labels", labels, idx_images(1, 2, 2, some_bytes(4)),
     "magic at byte 0: holds images, not labels (expected 0x00000801, got 0x00000803)"},
    {"little_endian", images, Bytes{3, 8, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 5},
     "magic at byte 0: IDX header is little-endian (expected 0x00000803, got 0x03080000)"},
    {"gzip", images, gzip(gzip(idx_images(1, 1, 1, {1}))),
     "magic at byte 0: not an IDX file (expected 0x00000803, got 0x1f8b0800 (gzip data))"},
    {"web_page", labels, bytes_of("<!DOCTYPE html><html></html>"),
     "magic at byte 0: not an IDX file (expected 0x00000801, got 0x3c21444f (an HTML page))"},
    {"zip", images, joined({bytes_of("PK\3\4"), Bytes(30, 0)}),
     "magic at byte 0: not an IDX file (expected 0x00000803, got 0x504b0304 (a ZIP archive))"},
    {"compress", images, joined({{0x1f, 0x9d, 0x90}, Bytes(30, 1)}),
     "magic at byte 0: not an IDX file (expected 0x00000803, got 0x1f9d9001 (compress (.Z) data))"},
    {"xml", images, bytes_of("\xEF\xBB\xBF\n<?xml version=\"1.0\"?><Error/>"),
     "magic at byte 0: not an IDX file (expected 0x00000803, got 0xefbbbf0a (an XML file))"},
    {"lfs_pointer", images, bytes_of("version https://git-lfs.github.com/spec/v1\n"),
     "magic at byte 0: not an IDX file (expected 0x00000803, got 0x76657273 (a Git LFS pointer))"},
    {"numpy", images, joined({{0x93}, bytes_of("NUMPY"), Bytes(30, 1)}),
     "magic at byte 0: not an IDX file (expected 0x00000803, got 0x934e554d (a NumPy array))"},
    {"text", labels, bytes_of("7 2 1 0 4 1 4 9 5 9\n"),
     "magic at byte 0: not an IDX file (expected 0x00000801, got 0x37203220 (a text file))"},
    {"other_binary", labels, Bytes{0x93, 1, 2, 3, 4, 5, 6, 7, 8},
     "magic at byte 0: not an IDX file (expected 0x00000801, got 0x93010203)"},
    {"float_type", images, joined({{0, 0, 0x0D, 3}, Bytes(12, 1)}),
     "type at byte 2: IDX file of another element type (expected 0x08 (unsigned bytes), got 0x0d (32-bit floats))"},
    {"unknown_type", labels, joined({{0, 0, 0x77, 1}, Bytes(8, 1)}),
     "type at byte 2: IDX file of another element type (expected 0x08 (unsigned bytes), got 0x77)"},
    {"rank_zero", images, joined({{0, 0, 8, 0}, Bytes(12, 1)}),
     "rank at byte 3: images need three dimensions (expected 3, got 0)"},
    {"rank_five", images, joined({{0, 0, 8, 5}, Bytes(20, 1)}),
     "rank at byte 3: images need three dimensions (expected 3, got 5)"},
    {"rank_two_labels", labels, joined({{0, 0, 8, 2}, Bytes(8, 1)}),
     "rank at byte 3: labels need one dimension (expected 1, got 2)"},
    {"no_images", images, idx_images(0, 28, 28, {}),
     "count at byte 4: must not be zero (expected 1 to 10,000,000, got 0)"},
    {"no_labels", labels, idx_labels(0, {}), "count at byte 4: must not be zero (expected 1 to 10,000,000, got 0)"},
    {"no_rows", images, idx_images(1, 0, 28, {}), "rows at byte 8: must not be zero (expected 1 to 256, got 0)"},
    {"no_columns", images, idx_images(1, 28, 0, {}), "columns at byte 12: must not be zero (expected 1 to 256, got 0)"},
    {"many_rows", images, idx_images(1, 257, 1, some_bytes(257)),
     "rows at byte 8: too large (expected 1 to 256, got 257)"},
    {"many_columns", images, idx_images(1, 1, 1000, some_bytes(1000)),
     "columns at byte 12: too large (expected 1 to 256, got 1,000)"},
    {"many_labels", labels, idx_labels(10'000'001, {}),
     "count at byte 4: too large (expected 1 to 10,000,000, got 10,000,001)"},
    {"product_overflows", images, idx_images(most, most, most, {}),
     "count at byte 4: too large (expected 1 to 10,000,000, got 4,294,967,295)"},
    {"too_much_together", images, idx_images(10'000'000, 256, 256, {}),
     "count at byte 4: 10,000,000 images of 256 x 256 are too much (expected at most 4,294,967,296 bytes, got "
     "655,360,000,016 bytes)"},
    {"declares_what_is_not_there", images, idx_images(5'000'000, 28, 28, some_bytes(100)),
     "length: file is cut off (expected 3,920,000,016 bytes by its header, got 116 bytes)"},
};

INSTANTIATE_TEST_SUITE_P(Header, IdxThreat, ::testing::ValuesIn(threats),
                         [](const auto& threat) { return std::string(threat.param.name); });

TEST(Idx, InflatesWhatIsGzipDataWhateverItIsCalled) {
  const IdxContent content = decode_idx(gzip(idx_labels(3, {7, 0, 255})), IdxKind::labels, "labels");
  EXPECT_TRUE(content.gzipped);
  EXPECT_EQ(Bytes(content.bytes.begin() + 8, content.bytes.end()), (Bytes{7, 0, 255}));
  EXPECT_FALSE(decode_idx(idx_labels(1, {7}), IdxKind::labels, "labels.gz").gzipped);
}

TEST(Idx, HintsAtWhatToDo) {
  const auto hint = [](const Bytes& bytes) {
    return error_of([&] { decode_idx(bytes, IdxKind::images, "images.gz"); }).problem().hint;
  };
  EXPECT_EQ(hint(gzip(gzip(idx_images(1, 1, 1, {1})))), "it seems to be compressed twice");
  EXPECT_EQ(hint(idx_labels(9, some_bytes(9))), "the files of images and labels seem to be swapped");
  EXPECT_EQ(hint(bytes_of("<html>403 Forbidden</html>")),
            "a server's web page was saved in place of the file: download it again");
  EXPECT_EQ(hint(bytes_of("version https://git-lfs.github.com/spec/v1\n")),
            "git lfs pull fetches the file that it points to");
  EXPECT_EQ(hint(joined({bytes_of("PK\3\4"), Bytes(30, 0)})), "unpack it first");
  EXPECT_EQ(hint(bytes_of("7 2 1 0 4 1 4 9 5 9\n")), "");
}

}  // namespace
}  // namespace nib
