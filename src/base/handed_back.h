#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include "base/error.h"

namespace nib {

/// Reads what a child process handed back, which nobody vouches for: it may have been taken over by the file that it
/// read. What does not fit ends in Error (bad_input) that names the file.
class HandedBack {
 public:
  /// `format` is the file's, `work` what the child does with it: "reads".
  HandedBack(std::span<const std::uint8_t> bytes, std::string source, std::string format, std::string work)
      : rest_(bytes), source_(std::move(source)), format_(std::move(format)), work_(std::move(work)) {}

  const std::string& source() const { return source_; }
  std::size_t left() const { return rest_.size(); }

  Error senseless() const {
    return input_error({.file = source_,
                        .field = format_,
                        .problem = "the process that " + work_ + " it handed back what makes no sense",
                        .hint = "the file is damaged, or made to do harm; nothing was taken from it"});
  }

  std::span<const std::uint8_t> take(std::uint64_t count) {
    if (count > rest_.size()) throw senseless();
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  /// A number of bytes, and these.
  std::string text(std::uint64_t longest) {
    const std::uint64_t length = number();
    if (length > longest) throw senseless();
    const auto bytes = take(length);
    return {bytes.begin(), bytes.end()};
  }

 private:
  std::span<const std::uint8_t> rest_;
  std::string source_, format_, work_;
};

}  // namespace nib
