#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "encodings/npy.h"
#include "encodings/zip.h"
#include "formats/tiny_file.h"
#include "hdf5/hdf5_file.h"

// Small archives that unpack to a lot, or say so: refused before any memory is set aside for it.
namespace nib {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Packed {
  std::string name;
  Bytes bytes;
  std::uint32_t size = 0;  ///< of the content, by the archive's word
  std::uint32_t crc = 0;
};

constexpr std::uint32_t four_gigabytes = 4'294'967'294;

/// What says that it unpacks to this size, and does not.
Packed claim(const std::string& name, std::uint32_t size, std::size_t packed_bytes = 1000) {
  return {name, Bytes(packed_bytes), size};
}

Packed deflated(const std::string& name, const Bytes& content) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(9), &libdeflate_free_compressor);
  Bytes packed(libdeflate_deflate_compress_bound(compressor.get(), content.size()));
  packed.resize(
      libdeflate_deflate_compress(compressor.get(), content.data(), content.size(), packed.data(), packed.size()));
  return {name, packed, static_cast<std::uint32_t>(content.size()),
          libdeflate_crc32(0, content.data(), content.size())};
}

void put(Bytes& archive, std::size_t offset, std::uint32_t value) {
  for (unsigned index = 0; index < 4; ++index)
    archive[offset + index] = static_cast<std::uint8_t>(value >> (8 * index));
}

/// An archive of stored entries whose headers are made to call them deflated.
Bytes archive_of(const std::vector<Packed>& entries) {
  constexpr std::size_t file_header = 30, directory_header = 46, end_record = 22;
  std::vector<ZipContent> contents;
  std::size_t directory = 0, offset = 0;
  for (const Packed& entry : entries) {
    contents.push_back({entry.name, entry.bytes});
    directory += file_header + entry.name.size() + entry.bytes.size();
  }
  Bytes archive = zip_bytes(contents, "f");
  for (const Packed& entry : entries) {
    archive[offset + 8] = archive[directory + 10] = 8;  // the method
    for (const std::size_t at : {offset + 14, directory + 16}) {
      put(archive, at, entry.crc);
      put(archive, at + 8, entry.size);
    }
    offset += file_header + entry.name.size() + entry.bytes.size();
    directory += directory_header + entry.name.size();
  }
  EXPECT_EQ(directory + end_record, archive.size());
  return archive;
}

TEST(Bombs, OfNumPyThatSayGigabytes) {
  EXPECT_EQ(refusal(archive_of({claim("fc1.weight.npy", four_gigabytes)})),
            "f: fc1.weight.npy: unpacks to more than is taken (expected at most 1,032,000 bytes, got 4,294,967,294)");
}

TEST(Bombs, OfNumPyThatUnpackToMuchTogether) {
  const Packed zeros =
      deflated("a.npy", npy_bytes({.kind = 'f', .item_bytes = 4, .shape = {10'000'000}, .bytes = Bytes(40'000'000)}));
  const Bytes archive = archive_of({zeros, {"b.npy", zeros.bytes, zeros.size, zeros.crc}});
  EXPECT_LT(archive.size(), 100'000u);
  EXPECT_THAT(refusal(archive), testing::MatchesRegex("f: b.npy: unpacks to more than is taken \\(expected at most "
                                                      "2[0-9],...,... bytes, got 40,000,128\\)"));
}

TEST(Bombs, OfNumPyThatHaveShapesOfGigabytes) {
  Bytes file = npy_bytes({.kind = 'f', .item_bytes = 4, .shape = {1, 1}, .bytes = Bytes(4)});
  const std::string shape = "(1, 1)", vast = "(2000000000, 2)";
  const auto at = std::ranges::search(file, shape).begin();
  std::copy(vast.begin(), vast.end(), at);
  file[static_cast<std::size_t>(at - file.begin()) + vast.size()] = '}';
  EXPECT_EQ(
      refusal(archive_of({deflated("fc1.weight.npy", file)})),
      "f: fc1.weight: shape: does not fit the bytes behind the header (expected 16,000,000,000 bytes, got 4 bytes)");
}

TEST(Bombs, OfKeras) {
  if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  const std::string most = ": unpacks to more than is taken (expected at most ";
  const Packed weights = claim("model.weights.h5", 1000);
  EXPECT_EQ(refusal(archive_of({claim("config.json", four_gigabytes), weights})),
            "f: config.json" + most + "1,032,000 bytes, got 4,294,967,294)");
  EXPECT_EQ(refusal(archive_of({claim("config.json", 5'000'000, 5000), weights})),
            "f: config.json" + most + "4,194,304 bytes, got 5,000,000)");
  const std::string object = "{}";
  const Packed config = deflated("config.json", Bytes(object.begin(), object.end()));
  EXPECT_EQ(refusal(archive_of({config, claim("model.weights.h5", four_gigabytes)})),
            "f: model.weights.h5" + most + "1,032,000 bytes, got 4,294,967,294)");
}

}  // namespace
}  // namespace nib
