#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// Reads a whole regular file of at most `limit` bytes; the size is checked before anything is allocated.
/// Throws Error: io for a file that cannot be opened or read, bad input for a directory, FIFO or device, or for a
/// file over the limit.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uint64_t limit);

/// Replaces or creates `path` so that readers see the old or the new whole file, and so that the new one
/// survives a power cut once this returns: temporary file in the same folder, fsync, rename, fsync of the
/// folder. Umask and, when replacing, the old mode are kept; a symbolic link's target is replaced, not the link.
/// Throws Error (io), leaving the old file and no temporary one behind.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// Checks, before work starts, that files can be made in `folder` (which must exist) and that `bytes` are free:
/// creates, syncs and removes a temporary file. Throws Error (io).
void probe_writable(const std::filesystem::path& folder, std::uint64_t bytes);

/// Removes temporary files of this program in `folder` whose process is gone and that are over an hour old.
void sweep_stale_temporaries(const std::filesystem::path& folder) noexcept;

}  // namespace nib
