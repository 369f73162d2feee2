#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace nib {

/// Equally sized grey images without most of their zeros, for sets that stay in memory while a network is trained:
/// MNIST takes a third of its bytes. Each image is a row of runs: how many zeros, how many bytes behind them, and these
/// bytes; behind the last run it is zeros to its end. Never changes once made, so threads may read side by side.
class PackedImages {
 public:
  /// Bytes behind an image that unpack() may write, too.
  static constexpr std::size_t slack = 16;

  /// Packs whole images on so many threads, giving the memory of `pixels` back to the system as it goes on.
  PackedImages(std::vector<std::uint8_t> pixels, std::size_t image_bytes, unsigned threads);

  std::size_t size() const { return images_.size(); }
  /// Of all that is kept, whoever shares it.
  std::size_t bytes() const;

  /// Some of the images, by their indices: without a copy of them.
  PackedImages part(const std::vector<std::uint32_t>& images) const;

  /// Writes the bytes of an image, and up to `slack` more.
  void unpack(std::size_t image, std::uint8_t* to) const {
    const std::size_t index = images_[image];
    const Chunk& chunk = (*chunks_)[index / chunk_images];
    const std::uint8_t* from = chunk.runs.data() + chunk.begin[index % chunk_images];
    const std::uint8_t* const from_end = chunk.runs.data() + chunk.begin[index % chunk_images + 1];
    const std::uint8_t* const end = to + image_bytes_;
    while (from != from_end) {
      const std::size_t zeros = from[0], others = from[1];
      from += 2;
      // In whole pieces: what is written beyond a run is written again by the next one.
      for (std::size_t i = 0; i < zeros; i += slack) std::memset(to + i, 0, slack);
      to += zeros;
      for (std::size_t i = 0; i < others; i += slack) std::memcpy(to + i, from + i, slack);
      to += others;
      from += others;
    }
    std::memset(to, 0, static_cast<std::size_t>(end - to));
  }

  /// Has the processor fetch what unpack() reads of an image.
  void fetch(std::size_t image) const {
    const std::size_t index = images_[image];
    const Chunk& chunk = (*chunks_)[index / chunk_images];
    const std::uint32_t end = chunk.begin[index % chunk_images + 1];
    for (std::uint32_t i = chunk.begin[index % chunk_images]; i < end; i += 64)
      __builtin_prefetch(chunk.runs.data() + i);
  }

 private:
  static constexpr std::size_t chunk_images = 1024;

  struct Chunk {
    std::vector<std::uint8_t> runs;    ///< of its images, one behind the other; then `slack` bytes that may be read
    std::vector<std::uint32_t> begin;  ///< of each image in `runs`, and the end of the last
  };

  PackedImages() = default;
  void pack(const std::uint8_t* pixels, std::size_t first, std::vector<std::uint8_t>& room);

  std::size_t image_bytes_ = 0;
  std::shared_ptr<std::vector<Chunk>> chunks_;
  std::vector<std::uint32_t> images_;  ///< the number of each among those of all chunks
};

}  // namespace nib
