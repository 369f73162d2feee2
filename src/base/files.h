#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// Reads a whole regular file of at most `limit` bytes; the size is checked before anything is allocated.
/// Throws Error: io for a file that cannot be opened or read, bad input for a directory, FIFO or device, or for a
/// file over the limit.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uint64_t limit);

/// The same, handing the bytes on in their order, at most a mebibyte at a time, without keeping them.
void read_in_pieces(const std::filesystem::path& path, std::uint64_t limit,
                    const std::function<void(std::span<const std::uint8_t>)>& take);

/// The first bytes of a regular file, at most `wanted` of them; none of what is no such file or cannot be read.
std::vector<std::uint8_t> beginning_of(const std::filesystem::path& path, std::size_t wanted) noexcept;
/// The last ones likewise.
std::vector<std::uint8_t> end_of(const std::filesystem::path& path, std::size_t wanted) noexcept;

/// Replaces or creates `path` so that readers see the old or the new whole file, and so that the new one
/// survives a power cut once this returns: temporary file in the same folder, fsync, rename, fsync of the
/// folder. Umask and, when replacing, the old mode are kept, as far as the file system has modes; a symbolic link is
/// replaced itself, whatever it points to. `named` is called once the file has its name, before that is forced to the
/// disk. Throws Error (io), leaving the old file and no temporary one behind.
void write_file_atomically(
    const std::filesystem::path& path, std::span<const std::uint8_t> bytes, const std::function<void()>& named = [] {});
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// For a file that the user named: with `force` replaces what is there, else never. Throws Error: io, or usage for a
/// file that exists.
void write_output_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes, bool force);
void write_output_file(const std::filesystem::path& path, std::string_view text, bool force);

/// Checks, before work starts, that files can be made in `folder` (which must exist) and that `bytes` are free, where
/// the file system tells: creates, syncs and removes a temporary file. Throws Error (io).
void probe_writable(const std::filesystem::path& folder, std::uint64_t bytes);

/// Removes the temporary files in `folder` that nobody has locked: those of killed processes. Where the file system has
/// no locks all stay.
void sweep_stale_temporaries(const std::filesystem::path& folder) noexcept;

/// Whether `path` itself, no link's target, is the open file.
bool is_named(int file, const std::filesystem::path& path) noexcept;

}  // namespace nib
