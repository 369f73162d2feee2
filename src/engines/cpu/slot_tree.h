#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace nib::cpu {

/// A step's rows belong to at most this many slots, by position alone. Each slot sums its own partial gradients, a
/// fixed binary tree adds the slots: so the sums depend neither on which thread does what, nor on which rank.
inline constexpr std::uint32_t kSlots = 16;

/// A range of rows, or of whatever else is numbered.
struct Rows {
  std::uint32_t begin = 0, end = 0;

  std::uint32_t size() const { return end - begin; }
};

/// One of several parts of equal size, as far as numbers allow, that work is divided into.
struct Part {
  std::uint32_t index = 0, count = 1;

  /// This part of the numbers from `begin` on and below `end`.
  Rows of(std::uint32_t begin, std::uint32_t end) const {
    const std::uint64_t size = end - begin;
    return {begin + static_cast<std::uint32_t>(size * index / count),
            begin + static_cast<std::uint32_t>(size * (index + 1) / count)};
  }
};

/// Additions of the binary tree over slots: in its first round neighbours are added (slot 1 to slot 0, 3 to 2), in the
/// next these sums (2 to 0), and so on; what has no neighbour waits for the next round. Its inputs are numbered from 0
/// on, each addition leaves its sum in place of the first, and what is never added to another one is a root.
struct SlotTree {
  struct Addition {
    std::uint8_t to = 0, from = 0;
  };
  std::uint32_t inputs = 0, addition_count = 0, root_count = 0;
  std::array<Addition, kSlots> additions{};
  std::array<std::uint8_t, kSlots> roots{};
  bool whole = false;  ///< all additions over its inputs, which need not be looked up
};

/// All additions over this many slots; the one root is input 0.
SlotTree whole_tree(std::uint32_t slots);

/// What `part` of the slots can be added up to without the others: their inputs are the part's slots, their roots whole
/// branches of the tree, from left to right.
SlotTree branches_of(std::uint32_t slots, Part part);

/// What is left to add then. Its inputs are all parts' branches, from left to right; the one root is input 0.
SlotTree tree_over_branches(std::uint32_t slots, std::uint32_t parts);

}  // namespace nib::cpu
