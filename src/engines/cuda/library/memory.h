#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engines/cuda/library/handle.h"

namespace nib::cuda {

using DeviceMemory = Handle<void*, &cudaFree>;
using PinnedMemory = Handle<void*, &cudaFreeHost>;

/// Device memory for `what`. Throws Error (device) with the memory needed and free when there is not enough.
DeviceMemory allocate_device(std::size_t bytes, const std::string& what);

/// Page-locked host memory, which copies can read and write while the host goes on.
PinnedMemory allocate_pinned(std::size_t bytes, const std::string& what);

/// The device memory of an engine: reserved piece by piece while it is put together, then allocated at once and carved.
class Arena {
 public:
  /// Bytes at which every piece begins, counted from the (equally aligned) beginning.
  static constexpr std::size_t alignment = 256;

  static constexpr std::size_t aligned(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

  std::size_t reserve(std::size_t bytes) {
    const std::size_t offset = size_;
    size_ += aligned(bytes);
    return offset;
  }
  std::size_t size() const { return size_; }

  /// Behind the last reserve().
  void allocate(const std::string& what) { memory_ = allocate_device(size_, what); }
  std::byte* base() const { return static_cast<std::byte*>(memory_.get()); }

 private:
  std::size_t size_ = 0;
  DeviceMemory memory_;
};

/// A piece of an arena, which must outlive it and stay where it is.
template <typename T>
class ArenaArray {
 public:
  ArenaArray() = default;
  ArenaArray(Arena& arena, std::size_t count)
      : arena_(&arena), offset_(arena.reserve(count * sizeof(T))), count_(count) {}
  /// Null before the arena is allocated, and for an array of nothing.
  T* get() const { return count_ > 0 && arena_->base() ? reinterpret_cast<T*>(arena_->base() + offset_) : nullptr; }
  std::size_t size() const { return count_; }
  std::size_t bytes() const { return count_ * sizeof(T); }

 private:
  Arena* arena_ = nullptr;
  std::size_t offset_ = 0, count_ = 0;
};

/// Device or pinned memory that is made anew when more is needed than it holds; what it held is lost then.
template <typename T, auto Allocate>
class GrowingArray {
 public:
  void ensure(std::size_t count, const std::string& what) {
    if (count <= count_) return;
    memory_ = {};
    count_ = 0;
    memory_ = Allocate(count * sizeof(T), what);
    count_ = count;
  }
  T* get() const { return static_cast<T*>(memory_.get()); }

 private:
  decltype(Allocate(std::size_t{}, std::string{})) memory_;
  std::size_t count_ = 0;
};

template <typename T>
using DeviceArray = GrowingArray<T, &allocate_device>;
template <typename T>
using PinnedArray = GrowingArray<T, &allocate_pinned>;

}  // namespace nib::cuda
