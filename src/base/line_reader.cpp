#include "base/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "base/signals.h"

namespace nib {

/// Until there is something to read, or the end; false when a stop is asked for. A signal that comes between the look
/// and the waiting ends the waiting, as it is held back until then.
bool LineReader::wait() const {
  const SignalsHeld held;
  pollfd ready{.fd = file_descriptor_, .events = POLLIN, .revents = 0};
  while (requested_stop() == 0)
    if (::ppoll(&ready, 1, nullptr, &held.before()) > 0 || errno != EINTR) return requested_stop() == 0;
  return false;
}

/// False at the end, and when a stop is asked for.
bool LineReader::read_on() {
  constexpr std::size_t piece = 1 << 16;
  buffer_.resize(piece);
  begin_ = 0;
  for (;;) {
    const ssize_t count = wait() ? ::read(file_descriptor_, buffer_.data(), piece) : 0;
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    const int error = errno;
    buffer_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    if (count < 0) throw io_error({.file = name_, .problem = "cannot read: " + system_message(error)});
    return count > 0;
  }
}

void LineReader::take(std::size_t count, StreamLine& line) {
  const std::size_t room = longest_ - line.text.size();
  line.too_long = line.too_long || count > room;
  line.text.append(buffer_, begin_, std::min(count, room));
  begin_ += count;
}

std::optional<StreamLine> LineReader::next() {
  StreamLine line{.text = {}, .number = lines_ + 1};
  bool begun = false;
  while (requested_stop() == 0 && (begin_ < buffer_.size() || read_on())) {
    begun = true;
    const std::size_t end = buffer_.find('\n', begin_);
    take(std::min(end, buffer_.size()) - begin_, line);
    if (end == std::string::npos) continue;
    ++begin_;
    break;
  }
  if (!begun || requested_stop() != 0) return std::nullopt;
  ++lines_;
  if (line.text.ends_with('\r') && !line.too_long) line.text.pop_back();
  return line;
}

}  // namespace nib
