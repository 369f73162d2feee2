#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nib {

/// Reads an open pipe or file to its end; `name` is what errors call it. Throws Error: io when reading fails, bad input
/// for more than `limit` bytes.
std::vector<std::uint8_t> read_stream(int file_descriptor, const std::string& name, std::uint64_t limit);

/// As read_file(), and also takes a FIFO, which is waited for: what a shell gives for <(COMMAND), or /dev/stdin behind
/// a pipe. Not for paths that a file or an archive of someone else may have chosen.
std::vector<std::uint8_t> read_file_or_fifo(const std::filesystem::path& path, std::uint64_t limit);

/// The text of a file in which the system tells something, as in /proc and /sys; empty where there is no such file.
/// A lack of memory is thrown, which std::ifstream would make an empty file of.
std::string system_text(const std::filesystem::path& path);

}  // namespace nib
