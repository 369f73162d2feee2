#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

namespace nib::cpu {

/// Zero-initialised memory aligned for the widest vectors, with one vector of room behind its end.
template <typename T>
class Buffer {
 public:
  static constexpr std::size_t kAlignment = 64;
  Buffer() = default;
  explicit Buffer(std::size_t size) : size_(size) {
    const std::size_t bytes = size * sizeof(T) + kAlignment;
    data_.reset(static_cast<T*>(::operator new(bytes, std::align_val_t{kAlignment})));
    std::memset(static_cast<void*>(data_.get()), 0, bytes);
  }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](std::size_t index) { return data_.get()[index]; }
  const T& operator[](std::size_t index) const { return data_.get()[index]; }
  std::size_t size() const { return size_; }

 private:
  struct Release {
    void operator()(T* data) const { ::operator delete(data, std::align_val_t{kAlignment}); }
  };
  std::unique_ptr<T, Release> data_;
  std::size_t size_ = 0;
};

inline constexpr std::size_t round_up(std::size_t number, std::size_t multiple) {
  return (number + multiple - 1) / multiple * multiple;
}

}  // namespace nib::cpu
