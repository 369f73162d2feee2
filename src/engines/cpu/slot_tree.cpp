#include "engines/cpu/slot_tree.h"

namespace nib::cpu {
namespace {

/// Calls visit(to, from, end) for each addition of the tree in order: the slots behind it are those from `to` on and
/// below `end`.
template <typename Visit>
void for_each_addition(std::uint32_t slots, const Visit& visit) {
  for (std::uint32_t width = 1; width < slots; width *= 2)
    for (std::uint32_t slot = 0; slot + width < slots; slot += 2 * width)
      visit(slot, slot + width, std::min(slot + 2 * width, slots));
}

void add(SlotTree& tree, std::uint32_t to, std::uint32_t from) {
  tree.additions[tree.addition_count++] = {static_cast<std::uint8_t>(to), static_cast<std::uint8_t>(from)};
}

}  // namespace

SlotTree whole_tree(std::uint32_t slots) {
  SlotTree tree = branches_of(slots, {});
  tree.whole = true;
  return tree;
}

SlotTree branches_of(std::uint32_t slots, Part part) {
  const Rows own = part.of(0, slots);
  SlotTree tree{.inputs = own.size()};
  std::array<bool, kSlots> added{};
  for_each_addition(slots, [&](std::uint32_t to, std::uint32_t from, std::uint32_t end) {
    if (to < own.begin || end > own.end) return;
    add(tree, to - own.begin, from - own.begin);
    added[from - own.begin] = true;
  });
  for (std::uint32_t slot = 0; slot < tree.inputs; ++slot)
    if (!added[slot]) tree.roots[tree.root_count++] = static_cast<std::uint8_t>(slot);
  return tree;
}

SlotTree tree_over_branches(std::uint32_t slots, std::uint32_t parts) {
  SlotTree tree;
  std::array<std::uint32_t, kSlots> part_of{}, input{};  // of each slot: whose it is, and which branch begins with it
  for (std::uint32_t part = 0; part < parts; ++part) {
    const Rows own = Part{part, parts}.of(0, slots);
    std::fill(part_of.begin() + own.begin, part_of.begin() + own.end, part);
    const SlotTree branches = branches_of(slots, {part, parts});
    for (std::uint32_t root = 0; root < branches.root_count; ++root)
      input[own.begin + branches.roots[root]] = tree.inputs++;
  }
  for_each_addition(slots, [&](std::uint32_t to, std::uint32_t from, std::uint32_t end) {
    if (part_of[to] != part_of[end - 1]) add(tree, input[to], input[from]);
  });
  tree.root_count = slots > 0 ? 1 : 0;
  return tree;
}

}  // namespace nib::cpu
