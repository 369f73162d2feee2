#include <array>

#include "engines/cuda/images.h"

namespace nib::cuda {
namespace {

/// Chunks in the ring: one that steps read, one on its way to the device, and two that the loader may fill.
constexpr std::size_t ring_slots = 4;
/// Chunks whose copies may be under way when the next one is started.
constexpr std::uint64_t copies_ahead = 2;

struct RingSlot {
  PinnedArray<std::uint8_t> pinned_pixels, pinned_labels;
  Event copied;    ///< the slot's chunk is on the device
  Event consumed;  ///< the steps that read it are done
};

/// The ring that all calls on a set share.
struct Ring {
  Stream copy_stream = make_stream();
  std::array<RingSlot, ring_slots> slots;
  DeviceArray<std::uint8_t> pixels;  ///< (slot, row, image)
  DeviceArray<std::uint8_t> labels;  ///< (slot, row)
};

class StreamedFeed : public Feed {
 public:
  StreamedFeed(const Context& context, const Dataset& dataset, Ring& ring, std::span<const std::uint32_t> order,
               std::uint64_t count, std::uint32_t chunk_rows)
      : context_(context),
        dataset_(dataset),
        ring_(ring),
        count_(count),
        chunk_rows_(chunk_rows),
        loader_(dataset, order, count, chunk_rows, loader_slots(ring)) {}

  ~StreamedFeed() override {
    // The pinned buffers belong to the next call then.
    static_cast<void>(cudaStreamSynchronize(ring_.copy_stream.get()));
  }

  kernels::BatchSource source() const override {
    return {.pixels = ring_.pixels.get(),
            .labels = dataset_.labels.empty() ? nullptr : ring_.labels.get(),
            .order = nullptr,
            .wrap = std::uint64_t{ring_slots} * chunk_rows_,
            .count = count_};
  }

  void begin_chunk(std::uint64_t chunk) override {
    const std::uint32_t rows = loader_.wait_for(chunk);
    const std::size_t place = chunk % ring_slots;
    const RingSlot& slot = ring_.slots[place];
    const cudaStream_t copies = ring_.copy_stream.get();
    if (chunk >= ring_slots) NIB_CHECK_CUDA(cudaStreamWaitEvent(copies, slot.consumed.get(), 0));
    const std::size_t image = std::size_t{dataset_.rows} * dataset_.columns;
    copy(ring_.pixels.get() + place * chunk_rows_ * image, slot.pinned_pixels.get(), rows * image);
    if (!dataset_.labels.empty()) copy(ring_.labels.get() + place * chunk_rows_, slot.pinned_labels.get(), rows);
    NIB_CHECK_CUDA(cudaEventRecord(slot.copied.get(), copies));
    NIB_CHECK_CUDA(cudaStreamWaitEvent(context_.stream(), slot.copied.get(), 0));
  }

  void end_chunk(std::uint64_t chunk) override {
    NIB_CHECK_CUDA(cudaEventRecord(ring_.slots[chunk % ring_slots].consumed.get(), context_.stream()));
    if (chunk < copies_ahead) return;
    // A copy that lies so far back has steps queued behind it: waiting for it keeps the device busy.
    const std::uint64_t done = chunk - copies_ahead;
    NIB_CHECK_CUDA(cudaEventSynchronize(ring_.slots[done % ring_slots].copied.get()));
    loader_.release_before(done + 1);
  }

 private:
  static std::vector<BatchLoader::Slot> loader_slots(const Ring& ring) {
    std::vector<BatchLoader::Slot> slots;
    for (const RingSlot& slot : ring.slots) slots.push_back({slot.pinned_pixels.get(), slot.pinned_labels.get()});
    return slots;
  }

  void copy(void* to, const void* from, std::size_t bytes) const {
    NIB_CHECK_CUDA(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, ring_.copy_stream.get()));
  }

  const Context& context_;
  const Dataset& dataset_;
  Ring& ring_;
  std::uint64_t count_;
  std::uint32_t chunk_rows_;
  BatchLoader loader_;
};

class StreamedImages : public Images {
 public:
  StreamedImages(const Context& context, const Dataset& dataset, std::uint32_t chunk_rows)
      : context_(context), dataset_(dataset) {
    const std::size_t image = std::size_t{dataset.rows} * dataset.columns;
    for (RingSlot& slot : ring_.slots) {
      slot.pinned_pixels.ensure(chunk_rows * image, "streaming the images");
      slot.pinned_labels.ensure(chunk_rows, "streaming the labels");
      slot.copied = make_event();
      slot.consumed = make_event();
    }
    ring_.pixels.ensure(ring_slots * chunk_rows * image, "streaming the images");
    ring_.labels.ensure(ring_slots * std::size_t{chunk_rows}, "streaming the labels");
  }

  std::unique_ptr<Feed> feed(std::span<const std::uint32_t> order, std::uint64_t count,
                             std::uint32_t chunk_rows) override {
    return std::make_unique<StreamedFeed>(context_, dataset_, ring_, order, count, chunk_rows);
  }

 private:
  const Context& context_;
  const Dataset& dataset_;
  Ring ring_;
};

}  // namespace

std::unique_ptr<Images> make_streamed_images(const Context& context, const Dataset& dataset, std::uint32_t chunk_rows) {
  return std::make_unique<StreamedImages>(context, dataset, chunk_rows);
}

}  // namespace nib::cuda
