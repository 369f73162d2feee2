#include <numeric>
#include <utility>

#include "nib/arithmetic/philox.h"
#include "nib/training.h"

namespace nib {
namespace {

/// Words of one epoch's sequence, taken one after another: word i is random_word(seed, shuffle, epoch, 0, i).
class ShuffleWords {
 public:
  ShuffleWords(std::uint64_t seed, std::uint32_t epoch) : seed_(seed), epoch_(epoch) {}

  /// A number below `bound`, each equally likely: the upper half of word * bound (Lemire, "Fast random integer
  /// generation in an interval", 2019). Words whose lower half is below 2^32 mod bound are passed over, because only
  /// they would make some numbers likelier than others.
  std::uint32_t below(std::uint32_t bound) {
    const std::uint32_t surplus = (0u - bound) % bound;
    std::uint64_t product = 0;
    do {
      product = std::uint64_t{next()} * bound;
    } while (static_cast<std::uint32_t>(product) < surplus);
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  std::uint32_t next() { return random_word(seed_, RandomUse::shuffle, epoch_, 0, index_++); }

  std::uint64_t seed_;
  std::uint32_t epoch_;
  std::uint64_t index_ = 0;
};

}  // namespace

std::vector<std::uint32_t> shuffled_order(std::uint64_t seed, std::uint32_t epoch, std::uint32_t count) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  ShuffleWords words(seed, epoch);
  for (std::uint32_t last = count; last-- > 1;) std::swap(order[last], order[words.below(last + 1)]);
  return order;
}

}  // namespace nib
