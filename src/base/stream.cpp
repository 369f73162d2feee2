#include "base/stream.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/error.h"
#include "base/file_descriptor.h"
#include "base/files.h"
#include "base/text.h"

namespace nib {

std::vector<std::uint8_t> read_stream(int file_descriptor, const std::string& name, std::uint64_t limit) {
  std::vector<std::uint8_t> bytes;
  std::array<std::uint8_t, 1 << 16> piece{};
  for (;;) {
    const ssize_t count = ::read(file_descriptor, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw io_error({.file = name, .problem = "cannot read: " + system_message(errno)});
    if (count == 0) return bytes;
    bytes.insert(bytes.end(), piece.begin(), piece.begin() + count);
    if (bytes.size() > limit)
      throw input_error({.file = name,
                         .problem = "too large",
                         .expected = "at most " + with_commas(limit) + " bytes",
                         .got = "more"});
  }
}

std::vector<std::uint8_t> read_file_or_fifo(const std::filesystem::path& path, std::uint64_t limit) {
  std::error_code ignored;
  if (!std::filesystem::is_fifo(path, ignored)) return read_file(path, limit);
  const FileDescriptor fifo(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fifo.is_open()) throw io_error({.file = path.string(), .problem = "cannot open: " + system_message(errno)});
  return read_stream(fifo.number(), path.string(), limit);
}

std::string system_text(const std::filesystem::path& path) {
  constexpr std::uint64_t largest = 1 << 20;
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return {};
  try {
    const std::vector<std::uint8_t> bytes = read_stream(file.number(), path.string(), largest);
    return {bytes.begin(), bytes.end()};
  } catch (const Error&) {
    return {};
  }
}

}  // namespace nib
