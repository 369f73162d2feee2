#pragma once

#include <array>
#include <memory>
#include <span>

#include "engines/cuda/batch_loader.h"
#include "engines/cuda/library/context.h"
#include "engines/cuda/library/memory.h"
#include "kernels/control.h"
#include "nib/engine.h"

namespace nib::cuda {

/// Brings the images of one call, chunk by chunk, to where gather() finds them. All calls put work into the context's
/// stream or make it wait; none waits for the stream itself.
class Feed {
 public:
  virtual ~Feed() = default;
  virtual kernels::BatchSource source() const = 0;
  /// Before the steps of the chunk are put into the stream: chunks come in order.
  virtual void begin_chunk(std::uint64_t chunk) = 0;
  /// Behind them.
  virtual void end_chunk(std::uint64_t chunk) = 0;
};

/// A data set as this engine holds it.
class Images : public ImageSet::Storage {
 public:
  /// For images order[0 .. count), or 0 .. count without an order, in chunks of `chunk_rows`. The order must live as
  /// long as the feed; one feed at a time.
  virtual std::unique_ptr<Feed> feed(std::span<const std::uint32_t> order, std::uint64_t count,
                                     std::uint32_t chunk_rows) = 0;
};

/// The whole set in device memory.
std::unique_ptr<Images> make_resident_images(const Context& context, const Dataset& dataset);

/// The set stays on the host and streams through a ring of chunks of at most `chunk_rows` images: a loader thread fills
/// pinned buffers, a stream of its own copies them to the device. The data set must outlive it.
std::unique_ptr<Images> make_streamed_images(const Context& context, const Dataset& dataset, std::uint32_t chunk_rows);

}  // namespace nib::cuda
