#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "nib/dataset.h"

namespace nib::cuda {

/// Gathers the images of a call, chunk by chunk in its order, into a ring of host buffers, on a thread of its own: so
/// the copies to the device need not wait for it. Where the system refuses the thread, wait_for() does the work.
class BatchLoader {
 public:
  /// Place for one chunk: pixels (chunk_rows, image) and labels (chunk_rows).
  struct Slot {
    std::uint8_t* pixels = nullptr;
    std::uint8_t* labels = nullptr;
  };

  /// Loads images order[0 .. count), or 0 .. count without an order. Chunk c goes to slots[c % slots.size()]. All that
  /// is passed must outlive the loader.
  BatchLoader(const Dataset& dataset, std::span<const std::uint32_t> order, std::uint64_t count,
              std::uint32_t chunk_rows, std::vector<Slot> slots);
  /// Ends the thread, behind the chunk it is at.
  ~BatchLoader();
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  std::uint64_t chunks() const { return (count_ + chunk_rows_ - 1) / chunk_rows_; }

  /// Waits until chunk `chunk` is in its slot. Returns its rows.
  std::uint32_t wait_for(std::uint64_t chunk);

  /// From now on the slots of all chunks before `chunk` may be filled anew.
  void release_before(std::uint64_t chunk);

 private:
  std::uint32_t rows_of(std::uint64_t chunk) const;
  void load_all();
  void load(std::uint64_t chunk) const;

  const Dataset& dataset_;
  std::span<const std::uint32_t> order_;
  std::uint64_t count_;
  std::uint32_t chunk_rows_;
  std::vector<Slot> slots_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t filled_ = 0;    ///< chunks
  std::uint64_t released_ = 0;  ///< chunks
  bool ending_ = false;
  std::vector<std::jthread> thread_;  ///< one or, where it was refused, none; last: it needs everything else
};

}  // namespace nib::cuda
