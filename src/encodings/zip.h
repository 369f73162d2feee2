#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// One file in a ZIP archive, as the archive's directory and its own header agree on it.
struct ZipEntry {
  std::string name;
  std::span<const std::uint8_t> packed;  ///< its bytes in the archive
  bool deflated = false;                 ///< else they are the content
  std::uint64_t size = 0;                ///< of the content
  std::uint32_t crc = 0;                 ///< CRC-32 of the content
};

inline constexpr std::size_t most_zip_entries = 1024;

/// Takes an archive apart (PKWARE's APPNOTE.TXT, one disk, no ZIP64 but in the headers of entries, as NumPy writes it).
/// What the directory says is checked against every entry's header: names, sizes, methods; no name twice, no byte of
/// the file in two entries. Folders are left out. The entries point into `bytes`. Throws Error (bad input) with
/// `source` and the entry: for encryption and for methods but "stored" and "deflated", too.
std::vector<ZipEntry> zip_entries(std::span<const std::uint8_t> bytes, const std::string& source);

/// Whether a text occurs where an archive that is whole has its directory, in its last 64 KiB: tells what an archive is
/// of which the beginning is damaged. False for what does not begin as an archive.
bool zip_end_holds(std::span<const std::uint8_t> bytes, std::string_view text);

/// What an entry holds, its CRC-32 checked. Refuses a size that is over `most` or that cannot be honest (see
/// largest_gzip_content) before it sets memory aside. Throws Error (bad input) with `source` and the entry.
std::vector<std::uint8_t> zip_content(const ZipEntry& entry, std::uint64_t most, const std::string& source);
/// The same without a copy of what is stored as it is: only what is deflated goes into `unpacked`.
std::span<const std::uint8_t> zip_content(const ZipEntry& entry, std::uint64_t most, const std::string& source,
                                          std::vector<std::uint8_t>& unpacked);

/// A file for an archive.
struct ZipContent {
  std::string name;
  std::span<const std::uint8_t> bytes;
};

/// The archive of some files in that order, all stored, dated as early as the format can say (1980): equal contents
/// give equal bytes. Throws Error (bad input) with `source` where they are too large for an archive without ZIP64 (4
/// GiB).
std::vector<std::uint8_t> zip_bytes(std::span<const ZipContent> files, const std::string& source);

}  // namespace nib
