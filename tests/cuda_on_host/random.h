#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace nib::cuda_on_host {

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t word = state_ += 0x9E3779B97F4A7C15u;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
    return word ^ (word >> 31);
  }
  /// Below `end`; that not all are quite equally likely does no harm here.
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
  bool coin() { return (next() >> 63) != 0; }

 private:
  std::uint64_t state_;
};

enum class Order { ascending, descending, random };

inline std::vector<unsigned> ordered(std::size_t count, Order order, Random& random) {
  std::vector<unsigned> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0u);
  if (order == Order::descending) std::reverse(numbers.begin(), numbers.end());
  if (order == Order::random)
    for (std::size_t left = count; left > 1; --left) std::swap(numbers[left - 1], numbers[random.below(left)]);
  return numbers;
}

}  // namespace nib::cuda_on_host
