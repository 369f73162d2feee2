#include "cuda_on_host/memory.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "cuda_on_host/runtime.h"

namespace nib::cuda_on_host {
namespace {

constexpr std::size_t zone_bytes = 256;  // also the alignment, as CUDA's
constexpr unsigned char zone_byte = 0xA5;

std::size_t room_for(std::size_t bytes) { return (bytes + zone_bytes - 1) / zone_bytes * zone_bytes; }

const char* name_of(MemoryKind kind) { return kind == MemoryKind::device ? "device" : "pinned"; }

// The sanitizer keeps the zones poisoned; it must not see them being read here.
__attribute__((no_sanitize("address"))) bool untouched(const std::byte* begin, const std::byte* end) {
  for (const volatile std::byte* byte = begin; byte != end; ++byte)
    if (*byte != std::byte{zone_byte}) return false;
  return true;
}

}  // namespace

std::byte* Memory::allocate(MemoryKind kind, std::size_t bytes) {
  auto* const memory =
      static_cast<std::byte*>(std::aligned_alloc(zone_bytes, zone_bytes + room_for(bytes) + zone_bytes));
  if (!memory) throw std::bad_alloc();
  std::byte* const begin = memory + zone_bytes;
  std::byte* const zone = begin + bytes;
  std::byte* const end = begin + room_for(bytes) + zone_bytes;
  std::memset(memory, zone_byte, zone_bytes);
  std::memset(begin, 0xff, bytes);
  std::memset(zone, zone_byte, static_cast<std::size_t>(end - zone));
  sanitizers::poison(memory, zone_bytes);
  sanitizers::poison(zone, static_cast<std::size_t>(end - zone));
  blocks_[begin] = {.kind = kind, .bytes = bytes};
  if (kind == MemoryKind::device) device_bytes_ += bytes;
  return begin;
}

void Memory::release(MemoryKind kind, void* pointer) {
  const auto block = blocks_.find(static_cast<const std::byte*>(pointer));
  if (block == blocks_.end() || block->second.kind != kind)
    misuse(std::string("what is freed is no ") + name_of(kind) + " memory, or was freed before");
  check_red_zones("all work");
  if (kind == MemoryKind::device) device_bytes_ -= block->second.bytes;
  std::byte* const memory = static_cast<std::byte*>(pointer) - zone_bytes;
  const std::size_t bytes = block->second.bytes;
  blocks_.erase(block);
  sanitizers::unpoison(memory, zone_bytes + room_for(bytes) + zone_bytes);
  std::memset(pointer, 0xff, bytes);
  std::free(memory);
}

void Memory::clear() {
  for (const auto& [begin, block] : blocks_) {
    std::byte* const memory = const_cast<std::byte*>(begin) - zone_bytes;
    sanitizers::unpoison(memory, zone_bytes + room_for(block.bytes) + zone_bytes);
    std::free(memory);
  }
  blocks_.clear();
  device_bytes_ = 0;
}

Memory::Blocks::const_iterator Memory::find_block(const std::byte* address) const {
  auto block = blocks_.upper_bound(address);
  if (block == blocks_.begin()) return blocks_.end();
  --block;
  return address <= block->first + block->second.bytes ? block : blocks_.end();
}

const Memory::Block* Memory::find(const void* address) const {
  const auto block = find_block(static_cast<const std::byte*>(address));
  return block == blocks_.end() ? nullptr : &block->second;
}

bool Memory::holds(MemoryKind kind, const Range& range) const {
  const auto block = find_block(range.begin);
  if (block == blocks_.end() || block->second.kind != kind) return false;
  return range.bytes <= static_cast<std::size_t>(block->first + block->second.bytes - range.begin);
}

void Memory::check_red_zones(const std::string& work) const {
  for (const auto& [begin, block] : blocks_) {
    const bool before = untouched(begin - zone_bytes, begin);
    if (before && untouched(begin + block.bytes, begin + room_for(block.bytes) + zone_bytes)) continue;
    misuse(std::string("something has been written ") + (before ? "behind the end" : "before the beginning") + " of " +
           std::to_string(block.bytes) + " bytes of " + name_of(block.kind) + " memory, seen after " + work);
  }
}

}  // namespace nib::cuda_on_host
