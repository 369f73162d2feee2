#include "engines/cuda/batch_loader.h"

#include <algorithm>
#include <utility>

#include "base/threads.h"

namespace nib::cuda {

BatchLoader::BatchLoader(const Dataset& dataset, std::span<const std::uint32_t> order, std::uint64_t count,
                         std::uint32_t chunk_rows, std::vector<Slot> slots)
    : dataset_(dataset), order_(order), count_(count), chunk_rows_(chunk_rows), slots_(std::move(slots)) {
  add_thread(thread_, [this] { load_all(); });
}

BatchLoader::~BatchLoader() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.clear();  // waits for it
}

std::uint32_t BatchLoader::wait_for(std::uint64_t chunk) {
  // Chunks are waited for in order, each when its slot may be filled.
  if (thread_.empty())
    for (; filled_ <= chunk; ++filled_) load(filled_);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return filled_ > chunk; });
  return rows_of(chunk);
}

void BatchLoader::release_before(std::uint64_t chunk) {
  {
    const std::lock_guard lock(mutex_);
    released_ = std::max(released_, chunk);
  }
  changed_.notify_all();
}

std::uint32_t BatchLoader::rows_of(std::uint64_t chunk) const {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk_rows_, count_ - chunk * chunk_rows_));
}

void BatchLoader::load_all() {
  for (std::uint64_t chunk = 0; chunk < chunks(); ++chunk) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return ending_ || chunk < released_ + slots_.size(); });
      if (ending_) return;
    }
    load(chunk);
    {
      const std::lock_guard lock(mutex_);
      filled_ = chunk + 1;
    }
    changed_.notify_all();
  }
}

void BatchLoader::load(std::uint64_t chunk) const {
  const Slot& slot = slots_[chunk % slots_.size()];
  const std::size_t image = std::size_t{dataset_.rows} * dataset_.columns;
  const std::uint64_t begin = chunk * chunk_rows_;
  for (std::uint32_t row = 0; row < rows_of(chunk); ++row) {
    const std::uint64_t index = order_.empty() ? begin + row : order_[begin + row];
    std::copy_n(dataset_.pixels.begin() + static_cast<std::ptrdiff_t>(index * image), image, slot.pixels + row * image);
    if (!dataset_.labels.empty()) slot.labels[row] = dataset_.labels[index];
  }
}

}  // namespace nib::cuda
