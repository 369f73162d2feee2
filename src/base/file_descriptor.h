#pragma once

#include <cstdint>
#include <span>
#include <utility>

namespace nib {

/// Owns a POSIX file descriptor; -1 is none.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) : number_(number) {}
  ~FileDescriptor() { close(); }
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

  /// Closes now; 0, or the errno of a close that failed. The descriptor is gone either way.
  int close() noexcept;

 private:
  int number_;
};

/// Writes all bytes, through signals and short writes: 0, or the errno of the write that failed.
int write_fully(int file_descriptor, std::span<const std::uint8_t> bytes) noexcept;

}  // namespace nib
