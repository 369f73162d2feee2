#include "data/near_images.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <span>

namespace nib {
namespace {

constexpr std::size_t side = 4, cells = side * side;  // an image from far away
constexpr unsigned step_bits = 5, bits_a_cell = 4;    // (255 + 31) >> 5 is below 16
constexpr std::size_t tables = 8, most_compared = 32;

/// The means of an image's cells, rounded; 0 for cells without pixels.
using Cells = std::array<std::uint8_t, cells>;

class Finder {
 public:
  Finder(const BothParts& images, const std::vector<std::size_t>& candidates)
      : images_(images),
        candidates_(candidates),
        largest_sum_(near_distance * near_distance * double(images.pixels())) {
    for (std::size_t row = 0; row < images.rows(); ++row)
      for (std::size_t column = 0; column < images.columns(); ++column) {
        cell_of_pixel_.push_back(row * side / images.rows() * side + column * side / images.columns());
        ++pixels_of_cell_[cell_of_pixel_.back()];
      }
    for (const std::size_t candidate : candidates) seen_.push_back(from_far_away(images.image(candidate)));
    near_.training.resize(images.size());
    near_.test.resize(images.size());
    settled_.resize(images.size());
  }

  NearImages find() {
    std::minstd_rand random;  // the same in every run
    for (std::size_t table = 0; table < tables; ++table) {
      std::array<unsigned, cells> shifts{};
      for (unsigned& shift : shifts) shift = static_cast<unsigned>(random()) >> 8 & ((1u << step_bits) - 1);
      look_through(shifts);
      for (std::size_t i = 0; i < images_.size(); ++i)
        settled_[i] = {.training = near_.training[i].found(), .test = near_.test[i].found()};
    }
    return std::move(near_);
  }

 private:
  struct Entry {
    std::uint64_t look = 0;
    std::uint32_t ink = 0, candidate = 0;
    auto operator<=>(const Entry&) const = default;
  };

  /// In which parts something near an image was found with earlier borders: where many look alike, to look for more
  /// would take long.
  struct Settled {
    bool training = false, test = false;
  };

  Cells from_far_away(std::span<const std::uint8_t> pixels) const {
    std::array<std::size_t, cells> sums{};
    for (std::size_t i = 0; i < pixels.size(); ++i) sums[cell_of_pixel_[i]] += pixels[i];
    Cells means{};
    for (std::size_t cell = 0; cell < cells; ++cell)
      if (const std::size_t count = pixels_of_cell_[cell]; count > 0)
        means[cell] = static_cast<std::uint8_t>((sums[cell] + count / 2) / count);
    return means;
  }

  void look_through(const std::array<unsigned, cells>& shifts) {
    std::vector<Entry> entries(seen_.size());
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      entries[i].candidate = static_cast<std::uint32_t>(i);
      for (std::size_t cell = 0; cell < cells; ++cell) {
        entries[i].look = entries[i].look << bits_a_cell | (seen_[i][cell] + shifts[cell]) >> step_bits;
        entries[i].ink += seen_[i][cell];
      }
    }
    std::ranges::sort(entries);
    for (std::size_t i = 0; i < entries.size(); ++i)
      for (std::size_t j = i + 1; j < entries.size() && j <= i + most_compared && entries[j].look == entries[i].look;
           ++j)
        compare(entries[i].candidate, entries[j].candidate);
  }

  void compare(std::size_t left, std::size_t right) {
    const std::size_t first = std::min(candidates_[left], candidates_[right]);
    const std::size_t second = std::max(candidates_[left], candidates_[right]);
    const bool of_test = images_.is_test(first);
    if (of_test ? settled_[second].test : settled_[second].training) return;
    if (!may_be_near(seen_[left], seen_[right])) return;
    NearImage& best = (of_test ? near_.test : near_.training)[second];
    const std::optional<double> distance = distance_of_near(images_.image(first), images_.image(second));
    if (!distance || (best.found() && best.distance <= *distance)) return;
    best = {.image = first, .distance = *distance};
  }

  /// By the cells alone: their means cannot differ more than the pixels do. Each is up to a half off by rounding.
  bool may_be_near(const Cells& left, const Cells& right) const {
    double sum = 0;
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const double difference = std::max(0, std::abs(int{left[cell]} - int{right[cell]}) - 1);
      sum += difference * difference * static_cast<double>(pixels_of_cell_[cell]);
    }
    return sum <= largest_sum_;
  }

  std::optional<double> distance_of_near(std::span<const std::uint8_t> left,
                                         std::span<const std::uint8_t> right) const {
    double sum = 0;
    for (std::size_t begin = 0; begin < left.size() && sum <= largest_sum_; begin += images_.columns()) {
      int row = 0;
      for (std::size_t i = begin; i < begin + images_.columns(); ++i) {
        const int difference = int{left[i]} - int{right[i]};
        row += difference * difference;
      }
      sum += row;
    }
    if (sum > largest_sum_) return std::nullopt;
    return std::sqrt(sum / static_cast<double>(left.size()));
  }

  const BothParts& images_;
  const std::vector<std::size_t>& candidates_;
  double largest_sum_;
  std::vector<std::size_t> cell_of_pixel_;
  std::array<std::size_t, cells> pixels_of_cell_{};
  std::vector<Cells> seen_;  // of each candidate
  NearImages near_;
  std::vector<Settled> settled_;
};

}  // namespace

NearImages find_near_images(const BothParts& images, const std::vector<std::size_t>& candidates) {
  return Finder(images, candidates).find();
}

}  // namespace nib
