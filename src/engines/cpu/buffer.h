#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace nib::cpu {

/// Zero-initialised memory aligned for the widest vectors, with one vector of room behind its end. Nobody writes these
/// zeros where the system has fresh pages, so each page comes into being where it is first used: near the thread that
/// works on it, and not at all where nobody does (gradients, when a network only answers).
template <typename T>
class Buffer {
 public:
  static constexpr std::size_t kAlignment = 64;
  Buffer() = default;
  explicit Buffer(std::size_t size) : memory_(std::calloc(size * sizeof(T) + 2 * kAlignment, 1)), size_(size) {
    if (!memory_) throw std::bad_alloc();
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.get());
    data_ = reinterpret_cast<T*>((address + kAlignment - 1) / kAlignment * kAlignment);
  }
  T* data() { return data_; }
  const T* data() const { return data_; }
  T& operator[](std::size_t index) { return data_[index]; }
  const T& operator[](std::size_t index) const { return data_[index]; }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> memory_;
  T* data_ = nullptr;  ///< in memory_
  std::size_t size_ = 0;
};

inline constexpr std::size_t round_up(std::size_t number, std::size_t multiple) {
  return (number + multiple - 1) / multiple * multiple;
}

}  // namespace nib::cpu
