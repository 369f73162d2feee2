#include "encodings/zip.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "encodings/gzip.h"

namespace nib {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint32_t file_signature = 0x04034b50, directory_signature = 0x02014b50, end_signature = 0x06054b50;
constexpr std::size_t file_header_bytes = 30, directory_header_bytes = 46, end_bytes = 22;
constexpr std::size_t largest_comment = 65535;
constexpr std::uint32_t in_extra_field = 0xFFFFFFFF;  ///< for a size: it stands in the ZIP64 field
constexpr std::uint16_t zip64_field = 1;
constexpr std::uint16_t stored = 0, deflated = 8;
constexpr std::uint16_t encrypted = 0x2041, sizes_behind = 8;  ///< flags: three kinds of encryption; see check_header()

/// Numbers of a header, lowest byte first. Whoever asks has checked that they are there.
class Fields {
 public:
  explicit Fields(Bytes bytes) : bytes_(bytes) {}

  std::uint16_t two(std::size_t offset) const { return static_cast<std::uint16_t>(number(offset, 2)); }
  std::uint32_t four(std::size_t offset) const { return static_cast<std::uint32_t>(number(offset, 4)); }
  std::uint64_t eight(std::size_t offset) const { return number(offset, 8); }

 private:
  std::uint64_t number(std::size_t offset, std::size_t count) const {
    std::uint64_t value = 0;
    for (std::size_t index = count; index-- > 0;) value = (value << 8) | bytes_[offset + index];
    return value;
  }

  Bytes bytes_;
};

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// What the end of an archive says of its directory.
struct Directory {
  std::size_t begin = 0, end = 0, entries = 0;
};

/// The sizes in a ZIP64 field of an entry's own header.
struct LongSizes {
  std::uint64_t content = 0, packed = 0;
};

std::optional<LongSizes> long_sizes(Bytes extra) {
  while (extra.size() >= 4) {
    const Fields field(extra);
    const std::size_t length = field.two(2);
    if (length > extra.size() - 4) return std::nullopt;
    if (field.two(0) == zip64_field && length >= 16) return LongSizes{field.eight(4), field.eight(12)};
    extra = extra.subspan(4 + length);
  }
  return std::nullopt;
}

class Archive {
 public:
  Archive(Bytes bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  std::vector<ZipEntry> entries() const {
    const Directory directory = find_directory();
    std::vector<ZipEntry> entries;
    std::size_t next = directory.begin;
    for (std::size_t index = 0; index < directory.entries; ++index) {
      if (directory.end - next < directory_header_bytes || Fields(bytes_.subspan(next)).four(0) != directory_signature)
        throw damaged("the directory has fewer entries than the archive says");
      const Fields header(bytes_.subspan(next));
      const std::size_t name_bytes = header.two(28), length = name_bytes + header.two(30) + header.two(32);
      if (directory.end - next - directory_header_bytes < length) throw damaged("an entry of the directory is cut off");
      entries.push_back(
          entry_of(header, text_of(bytes_.subspan(next + directory_header_bytes, name_bytes)), directory));
      next += directory_header_bytes + length;
    }
    if (next != directory.end) throw damaged("the directory goes on behind its last entry");
    check_apart(entries);
    std::erase_if(entries, [](const ZipEntry& entry) { return entry.name.ends_with('/'); });
    return entries;
  }

 private:
  Error damaged(const std::string& problem) const {
    return input_error({.file = source_, .field = "zip", .problem = problem});
  }

  Error wrong(std::string_view name, std::string problem, std::string expected = {}, std::string got = {}) const {
    return input_error({.file = source_,
                        .field = printable(name, 100),
                        .problem = std::move(problem),
                        .expected = std::move(expected),
                        .got = std::move(got)});
  }

  /// The end record stands at the end of the file, only a comment of its own behind it.
  Directory find_directory() const {
    if (bytes_.size() < end_bytes) throw damaged("too short for a ZIP archive");
    const std::size_t first = bytes_.size() - std::min(bytes_.size(), end_bytes + largest_comment);
    for (std::size_t at = bytes_.size() - end_bytes + 1; at-- > first;) {
      const Fields end(bytes_.subspan(at));
      if (end.four(0) == end_signature && end.two(20) == bytes_.size() - at - end_bytes) return directory_of(end, at);
    }
    throw input_error({.file = source_,
                       .field = "zip",
                       .problem = "the archive's directory is missing",
                       .hint = "the file looks like an incomplete copy or download"});
  }

  Directory directory_of(const Fields& end, std::size_t at) const {
    const std::uint64_t entries = end.two(10), length = end.four(12), begin = end.four(16);
    if (end.two(4) != 0 || end.two(6) != 0 || end.two(8) != entries) throw damaged("one of several disks");
    if (entries == 0xFFFF || begin == in_extra_field) throw damaged("ZIP64, which is for archives over 4 GiB");
    if (entries > most_zip_entries)
      throw input_error({.file = source_,
                         .field = "zip",
                         .problem = "too many entries",
                         .expected = fmt::format("at most {}", with_commas(most_zip_entries)),
                         .got = with_commas(entries)});
    if (begin + length != at) throw damaged("the directory is not where the archive says");
    return {.begin = begin, .end = at, .entries = entries};
  }

  ZipEntry entry_of(const Fields& header, std::string_view name, const Directory& directory) const {
    const std::uint16_t flags = header.two(8), method = header.two(10);
    const std::uint64_t packed = header.four(20), content = header.four(24), begin = header.four(42);
    if (name.empty()) throw damaged("an entry has no name");
    if ((flags & encrypted) != 0) throw wrong(name, "encrypted");
    if (method != stored && method != deflated)
      throw wrong(name, "unknown compression method", "0 (stored) or 8 (deflated)", std::to_string(method));
    if (packed == in_extra_field || content == in_extra_field || begin == in_extra_field)
      throw wrong(name, "ZIP64, which is for archives over 4 GiB");
    if (method == stored && packed != content)
      throw wrong(name, "a stored entry has two sizes", with_commas(content), with_commas(packed));
    if (begin > directory.begin || directory.begin - begin < file_header_bytes)
      throw wrong(name, "begins outside the archive");
    const std::size_t data = check_header(header, name, bytes_.subspan(begin, directory.begin - begin));
    if (directory.begin - begin - data < packed) throw wrong(name, "goes on outside the archive");
    return {.name = std::string(name),
            .packed = bytes_.subspan(begin + data, packed),
            .deflated = method == deflated,
            .size = content,
            .crc = header.four(16)};
  }

  /// Checks an entry's own header, at the beginning of `bytes`, and gives the bytes in front of its data.
  std::size_t check_header(const Fields& directory, std::string_view name, Bytes bytes) const {
    const Fields header(bytes);
    if (header.four(0) != file_signature) throw wrong(name, "no entry where the directory says");
    const std::size_t name_bytes = header.two(26), extra_bytes = header.two(28);
    if (bytes.size() - file_header_bytes < name_bytes + extra_bytes) throw wrong(name, "its header is cut off");
    const std::string_view own_name = text_of(bytes.subspan(file_header_bytes, name_bytes));
    if (own_name != name) throw wrong(name, "has another name in its own header", {}, printable(own_name, 100));
    const std::uint16_t flags = header.two(6);
    if (flags != directory.two(8) || header.two(8) != directory.two(10))
      throw wrong(name, "has other flags or another method in its own header");
    if ((flags & sizes_behind) == 0) {
      LongSizes sizes{.content = header.four(22), .packed = header.four(18)};
      if (sizes.content == in_extra_field && sizes.packed == in_extra_field)
        sizes = long_sizes(bytes.subspan(file_header_bytes + name_bytes, extra_bytes)).value_or(sizes);
      if (sizes.content != directory.four(24) || sizes.packed != directory.four(20) ||
          header.four(14) != directory.four(16))
        throw wrong(name, "has another size or checksum in its own header");
    }
    return file_header_bytes + name_bytes + extra_bytes;
  }

  /// Entries that share bytes are how a small archive unpacks to a huge one.
  void check_apart(const std::vector<ZipEntry>& entries) const {
    std::vector<const ZipEntry*> order;
    for (const ZipEntry& entry : entries) order.push_back(&entry);
    std::ranges::sort(order, {}, [](const ZipEntry* entry) { return entry->packed.data(); });
    for (std::size_t index = 1; index < order.size(); ++index)
      if (order[index]->packed.data() - order[index - 1]->packed.data() <
          std::ptrdiff_t(order[index - 1]->packed.size() + file_header_bytes + order[index]->name.size()))
        throw wrong(order[index]->name, "shares bytes with another entry");
    std::ranges::sort(order, {}, [](const ZipEntry* entry) { return std::string_view(entry->name); });
    for (std::size_t index = 1; index < order.size(); ++index)
      if (order[index]->name == order[index - 1]->name) throw wrong(order[index]->name, "is there twice");
  }

  Bytes bytes_;
  const std::string& source_;
};

void append(std::vector<std::uint8_t>& bytes, std::uint64_t number, unsigned count) {
  for (unsigned index = 0; index < count; ++index) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * index)));
}

/// What an entry's own header and its place in the directory have in common: version, flags (UTF-8), method (stored),
/// time and day, CRC-32, both sizes, and the lengths of name and extra field.
void append_common(std::vector<std::uint8_t>& bytes, const ZipContent& file, std::uint32_t crc) {
  constexpr std::uint16_t version = 20, utf8 = 0x800, midnight = 0, first_of_1980 = 0x21;
  for (const std::uint16_t number : {version, utf8, stored, midnight, first_of_1980}) append(bytes, number, 2);
  for (const std::uint64_t number : {std::uint64_t{crc}, file.bytes.size(), file.bytes.size()})
    append(bytes, number, 4);
  append(bytes, file.name.size(), 2);
  append(bytes, 0, 2);
}

}  // namespace

std::vector<ZipEntry> zip_entries(Bytes bytes, const std::string& source) { return Archive(bytes, source).entries(); }

bool zip_end_holds(Bytes bytes, std::string_view text) {
  constexpr std::size_t most = 65536;
  const std::string_view all = text_of(bytes);
  if (!all.starts_with("PK\x03\x04")) return false;
  return all.substr(all.size() - std::min(all.size(), most)).find(text) != std::string_view::npos;
}

Bytes zip_content(const ZipEntry& entry, std::uint64_t most, const std::string& source,
                  std::vector<std::uint8_t>& unpacked) {
  const auto wrong = [&](std::string problem, std::string expected = {}, std::string got = {}) {
    return input_error({.file = source,
                        .field = printable(entry.name, 100),
                        .problem = std::move(problem),
                        .expected = std::move(expected),
                        .got = std::move(got)});
  };
  most = std::min(most, entry.deflated ? largest_gzip_content(entry.packed.size()) : entry.packed.size());
  if (entry.size > most)
    throw wrong("unpacks to more than is taken", fmt::format("at most {} bytes", with_commas(most)),
                with_commas(entry.size));
  Bytes content = entry.packed;
  if (entry.deflated) {
    unpacked.resize(entry.size);
    content = unpacked;
    const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor(
        libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
    if (!decompressor) throw std::bad_alloc();
    std::size_t used = 0;
    const libdeflate_result result = libdeflate_deflate_decompress_ex(
        decompressor.get(), entry.packed.data(), entry.packed.size(), unpacked.data(), unpacked.size(), &used, nullptr);
    if (result != LIBDEFLATE_SUCCESS || used != entry.packed.size())
      throw wrong("compressed data are damaged, or of another size than the archive says");
  }
  const std::uint32_t crc = libdeflate_crc32(0, content.data(), content.size());
  if (crc != entry.crc)
    throw wrong("checksum differs: the file is damaged", fmt::format("0x{:08x} by its content", crc),
                fmt::format("0x{:08x}", entry.crc));
  return content;
}

std::vector<std::uint8_t> zip_content(const ZipEntry& entry, std::uint64_t most, const std::string& source) {
  std::vector<std::uint8_t> unpacked;
  const Bytes content = zip_content(entry, most, source, unpacked);
  if (entry.deflated) return unpacked;
  return {content.begin(), content.end()};
}

std::vector<std::uint8_t> zip_bytes(std::span<const ZipContent> files, const std::string& source) {
  std::uint64_t total = end_bytes;
  for (const ZipContent& file : files)
    total += file_header_bytes + directory_header_bytes + 2 * file.name.size() + file.bytes.size();
  if (total >= in_extra_field || files.size() > most_zip_entries)
    throw input_error({.file = source,
                       .problem = "too large for a ZIP archive",
                       .expected = "less than 4 GiB",
                       .got = fmt::format("{} bytes", with_commas(total))});

  std::vector<std::uint8_t> archive, directory;
  archive.reserve(total);
  for (const ZipContent& file : files) {
    const std::size_t begin = archive.size();
    const std::uint32_t crc = libdeflate_crc32(0, file.bytes.data(), file.bytes.size());
    append(archive, file_signature, 4);
    append_common(archive, file, crc);
    archive.insert(archive.end(), file.name.begin(), file.name.end());
    archive.insert(archive.end(), file.bytes.begin(), file.bytes.end());
    append(directory, directory_signature, 4);
    append(directory, 20, 2);  // the version that wrote it
    append_common(directory, file, crc);
    append(directory, 0, 4);  // comment, disk
    append(directory, 0, 6);  // attributes
    append(directory, begin, 4);
    directory.insert(directory.end(), file.name.begin(), file.name.end());
  }
  const std::size_t begin = archive.size();
  archive.insert(archive.end(), directory.begin(), directory.end());
  append(archive, end_signature, 4);
  append(archive, 0, 4);  // disks
  append(archive, files.size(), 2);
  append(archive, files.size(), 2);
  append(archive, directory.size(), 4);
  append(archive, begin, 4);
  append(archive, 0, 2);  // comment
  return archive;
}

}  // namespace nib
