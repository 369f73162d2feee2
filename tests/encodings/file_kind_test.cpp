#include "encodings/file_kind.h"

#include <gmock/gmock.h>

#include <string>

namespace nib {
namespace {

using namespace std::string_view_literals;

FileKind kind_of(std::string_view bytes) {
  return file_kind({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

TEST(FileKind, IsToldByTheFirstBytes) {
  EXPECT_EQ(kind_of("\x1f\x8b\x08"sv), FileKind::gzip);
  EXPECT_EQ(kind_of("\x1f\x9d\x90"sv), FileKind::compress);
  EXPECT_EQ(kind_of("BZh91AY&SY"), FileKind::bzip2);
  EXPECT_EQ(kind_of("\xfd\x37zXZ\0\0"sv), FileKind::xz);
  EXPECT_EQ(kind_of("\x28\xb5\x2f\xfd\x04"sv), FileKind::zstandard);
  EXPECT_EQ(kind_of("PK\x03\x04\x14"), FileKind::zip);
  EXPECT_EQ(kind_of("7z\xbc\xaf\x27\x1c"), FileKind::seven_zip);
  EXPECT_EQ(kind_of("Rar!\x1a\x07"), FileKind::rar);
  EXPECT_EQ(kind_of("name" + std::string(253, '\0') + "ustar"), FileKind::tar);
  EXPECT_EQ(kind_of("\x89HDF\r\n\x1a\n"), FileKind::hdf5);
  EXPECT_EQ(kind_of("\x93NUMPY\x01"), FileKind::numpy);
  EXPECT_EQ(kind_of("%PDF-1.7"), FileKind::pdf);
  EXPECT_EQ(kind_of("\0\0\x08\x01\0"sv), FileKind::idx);
  EXPECT_EQ(kind_of("\0\0\x08\x03\0"sv), FileKind::idx);
  EXPECT_EQ(kind_of("\x01\x02\x03"), FileKind::unknown);
}

TEST(FileKind, OfTextsIsToldBehindMarksAndBlanks) {
  EXPECT_EQ(kind_of("\xef\xbb\xbf\r\n <!DOCTYPE HTML><title>404"), FileKind::html);
  EXPECT_EQ(kind_of("\t<html>"), FileKind::html);
  EXPECT_EQ(kind_of("\n<?xml version=\"1.0\"?>"), FileKind::xml);
  EXPECT_EQ(kind_of("version https://git-lfs.github.com/spec/v1\n"), FileKind::git_lfs_pointer);
  EXPECT_EQ(kind_of(" {\"a\": 1}"), FileKind::json);
  EXPECT_EQ(kind_of("Gr\xc3\xb6\xc3\x9f"
                    "e\n"),
            FileKind::text);
  for (const char* const beginning : {"", "<", "B", "PK", "version https://example.org"})
    EXPECT_EQ(kind_of(beginning), FileKind::text) << beginning;
}

TEST(FileKind, OnlyWhatHasToBeUnpackedIsPacked) {
  for (const FileKind kind : {FileKind::gzip, FileKind::zip, FileKind::tar}) EXPECT_TRUE(is_packed(kind));
  for (const FileKind kind : {FileKind::hdf5, FileKind::text, FileKind::unknown}) EXPECT_FALSE(is_packed(kind));
}

}  // namespace
}  // namespace nib
