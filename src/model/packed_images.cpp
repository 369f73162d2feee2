#include "nib/packed_images.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/threads.h"
#include "nib/dataset.h"

namespace nib {
namespace {

/// Fewer zeros than this between two others stay in their run: two more bytes for a run of its own would save little.
constexpr std::size_t least_zeros = 4;
constexpr std::size_t longest = 255;  ///< zeros, or other bytes, of a run

/// The first byte from `begin` on that is not zero, or `size`.
std::size_t next_ink(const std::uint8_t* pixels, std::size_t begin, std::size_t size) {
  std::size_t i = begin;
  for (std::uint64_t word = 0; i + sizeof(word) <= size; i += sizeof(word)) {
    std::memcpy(&word, pixels + i, sizeof(word));
    if (word != 0) break;
  }
  while (i < size && pixels[i] == 0) ++i;
  return i;
}

/// The end of the run that begins with the ink at `begin`.
std::size_t run_end(const std::uint8_t* pixels, std::size_t begin, std::size_t size) {
  std::size_t end = begin + 1;
  for (std::size_t i = end; i < size && i - end < least_zeros; ++i)
    if (pixels[i] != 0) end = i + 1;
  return end;
}

/// Packs one image, and returns the end of its runs. They take no more than worst_case() bytes.
std::uint8_t* pack_image(const std::uint8_t* pixels, std::size_t size, std::uint8_t* to) {
  const auto add_run = [&](std::size_t zeros, const std::uint8_t* bytes, std::size_t count) {
    to[0] = static_cast<std::uint8_t>(zeros);
    to[1] = static_cast<std::uint8_t>(count);
    std::memcpy(to + 2, bytes, count);
    to += 2 + count;
  };
  std::size_t done = 0;
  for (std::size_t begin = next_ink(pixels, 0, size); begin < size; begin = next_ink(pixels, done, size)) {
    const std::size_t end = run_end(pixels, begin, size);
    for (; begin - done > longest; done += longest) add_run(longest, pixels, 0);
    for (std::size_t zeros = begin - done; begin < end; zeros = 0) {
      const std::size_t count = std::min(end - begin, longest);
      add_run(zeros, pixels + begin, count);
      begin += count;
    }
    done = end;
  }
  return to;
}

/// No run is added for nothing: each has `longest` bytes or `least_zeros` zeros before it, but for an image's first.
std::size_t worst_case(std::size_t size) { return size + 2 * (size / longest + 2); }

/// Tells the system that the whole pages of some memory are needed no more. What they held is lost.
void give_back(std::uint8_t* begin, std::uint8_t* end) {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const std::uintptr_t first = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) / page * page;
  const std::uintptr_t last = reinterpret_cast<std::uintptr_t>(end) / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

/// What some images of a set take, spread over it, as a part of their bytes.
double packed_part(const Dataset& dataset) {
  constexpr std::size_t most = 1000;
  const std::size_t count = std::min(most, dataset.size()), size = std::size_t{dataset.rows} * dataset.columns;
  std::vector<std::uint8_t> room(worst_case(size));
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i)
    bytes += static_cast<std::size_t>(pack_image(dataset.image(i * dataset.size() / count), size, room.data()) -
                                      room.data());
  return static_cast<double>(bytes) / static_cast<double>(count * size);
}

}  // namespace

PackedImages::PackedImages(std::vector<std::uint8_t> pixels, std::size_t image_bytes, unsigned threads)
    : image_bytes_(image_bytes), chunks_(std::make_shared<std::vector<Chunk>>()), images_(pixels.size() / image_bytes) {
  std::iota(images_.begin(), images_.end(), 0U);
  chunks_->resize((images_.size() + chunk_images - 1) / chunk_images);
  run_side_by_side(threads, [&](std::size_t part) {
    std::vector<std::uint8_t> room(std::min(chunk_images, images_.size()) * worst_case(image_bytes) + slack);
    for (std::size_t chunk = part; chunk < chunks_->size(); chunk += threads) {
      pack(pixels.data(), chunk * chunk_images, room);
      const std::size_t end = std::min((chunk + 1) * chunk_images, images_.size());
      give_back(pixels.data() + chunk * chunk_images * image_bytes, pixels.data() + end * image_bytes);
    }
  });
}

/// The chunk that begins with image `first`.
void PackedImages::pack(const std::uint8_t* pixels, std::size_t first, std::vector<std::uint8_t>& room) {
  Chunk& chunk = (*chunks_)[first / chunk_images];
  std::uint8_t* to = room.data();
  for (std::size_t image = first; image < std::min(first + chunk_images, images_.size()); ++image) {
    chunk.begin.push_back(static_cast<std::uint32_t>(to - room.data()));
    to = pack_image(pixels + image * image_bytes_, image_bytes_, to);
  }
  chunk.begin.push_back(static_cast<std::uint32_t>(to - room.data()));
  chunk.runs.assign(room.data(), to + slack);
}

std::size_t PackedImages::bytes() const {
  std::size_t sum = 0;
  for (const Chunk& chunk : *chunks_) sum += chunk.runs.size() + chunk.begin.size() * sizeof(chunk.begin[0]);
  return sum;
}

PackedImages PackedImages::part(const std::vector<std::uint32_t>& images) const {
  PackedImages result;
  result.image_bytes_ = image_bytes_;
  result.chunks_ = chunks_;
  result.images_.reserve(images.size());
  for (const std::uint32_t image : images) result.images_.push_back(images_[image]);
  return result;
}

void pack_images(Dataset& dataset, unsigned threads) {
  constexpr double most = 0.8;
  if (dataset.packed || dataset.size() == 0 || packed_part(dataset) > most) return;
  dataset.packed = std::make_shared<const PackedImages>(std::move(dataset.pixels),
                                                        std::size_t{dataset.rows} * dataset.columns, threads);
  dataset.pixels = {};
}

}  // namespace nib
