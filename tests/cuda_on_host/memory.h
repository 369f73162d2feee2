#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace nib::cuda_on_host {

/// A range of bytes of host addresses.
struct Range {
  const std::byte* begin = nullptr;
  std::size_t bytes = 0;

  /// An empty range overlaps none.
  bool overlaps(const Range& other) const {
    return bytes != 0 && other.bytes != 0 && begin < other.begin + other.bytes && other.begin < begin + bytes;
  }
};

enum class MemoryKind { device, pinned };

/// Device memory and pinned host memory, both of the machine's own. Between two red zones each allocation starts as
/// bytes of 0xff: NaNs, and integers that lead nowhere.
class Memory {
 public:
  struct Block {
    MemoryKind kind = MemoryKind::device;
    std::size_t bytes = 0;
  };

  ~Memory() { clear(); }

  std::byte* allocate(MemoryKind kind, std::size_t bytes);
  /// Throws Misuse unless the pointer is what allocate() returned for that kind.
  void release(MemoryKind kind, void* pointer);
  void clear();

  /// The allocation that the address lies in or at the end of, or null.
  const Block* find(const void* address) const;
  /// Whether the range lies in one allocation of the kind.
  bool holds(MemoryKind kind, const Range& range) const;
  /// Throws Misuse when something has been written beside an allocation; `work` says after what.
  void check_red_zones(const std::string& work) const;

  std::size_t device_bytes() const { return device_bytes_; }
  std::size_t blocks() const { return blocks_.size(); }

 private:
  using Blocks = std::map<const std::byte*, Block>;
  Blocks::const_iterator find_block(const std::byte* address) const;

  Blocks blocks_;
  std::size_t device_bytes_ = 0;
};

}  // namespace nib::cuda_on_host
