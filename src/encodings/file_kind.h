#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace nib {

/// What people hand over in place of a data set, of weights or of a picture, as far as it is none of these itself.
enum class FileKind {
  gzip,
  compress,
  bzip2,
  xz,
  zstandard,
  zip,
  seven_zip,
  rar,
  tar,  // see is_packed()
  hdf5,
  parquet,
  numpy,
  pdf,
  idx,
  git_lfs_pointer,
  html,
  xml,
  json,
  text,
  unknown
};

inline constexpr std::size_t file_kind_bytes = 1024;  ///< as much of a file as file_kind() looks at

/// By the first bytes. Texts may begin with a byte order mark and blanks, and need not be ASCII; "<" alone is a text.
FileKind file_kind(std::span<const std::uint8_t> bytes);

/// "gzip data", "an HTML page"; empty for what is unknown.
std::string_view name_of(FileKind kind);

/// Compressed files and archives: what they hold has to be unpacked first.
constexpr bool is_packed(FileKind kind) { return kind <= FileKind::tar; }

}  // namespace nib
