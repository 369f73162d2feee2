#include "base/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <span>

#include "base/error.h"
#include "base/file_descriptor.h"

namespace nib {
namespace {
constexpr std::size_t much = std::size_t{1} << 16;
}

Output::Output(int file_descriptor) : file_descriptor_(file_descriptor) {
  if (::fcntl(file_descriptor, F_GETFD) < 0) lost_ = errno;
}

Output::~Output() { flush(); }

void Output::write(std::string_view text) {
  if (lost_ != 0) return;
  buffer_ += text;
  if (buffer_.size() >= much) flush();
}

void Output::check() const {
  if (lost_ == EPIPE) throw ReaderIsGone();
  if (lost_ != 0) throw io_error({.file = "standard output", .problem = system_message(lost_)});
}

void Output::flush() {
  if (lost_ == 0)
    lost_ = write_fully(file_descriptor_, {reinterpret_cast<const std::uint8_t*>(buffer_.data()), buffer_.size()});
  buffer_.clear();
}

int print(std::string_view text) {
  Output output(STDOUT_FILENO);
  output.write(text);
  output.flush();
  output.check();
  return 0;
}

}  // namespace nib
