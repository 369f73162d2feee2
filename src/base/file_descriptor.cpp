#include "base/file_descriptor.h"

#include <poll.h>

#include <cerrno>

#include "base/file_system.h"

namespace nib {

int FileDescriptor::close() noexcept {
  const int number = std::exchange(number_, -1);
  if (number < 0 || file_system().close(number) == 0 || errno == EINTR)
    return 0;  // Linux has closed it when it says EINTR
  return errno;
}

int write_fully(int file_descriptor, std::span<const std::uint8_t> bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = file_system().write(file_descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // Someone else's process may have made a shared terminal or pipe non-blocking.
      pollfd wait{.fd = file_descriptor, .events = POLLOUT, .revents = 0};
      if (::poll(&wait, 1, -1) < 0 && errno != EINTR) return errno;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace nib
