// Whoever adds what, the sums are those of one tree.

#include "engines/cpu/slot_tree.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace nib::cpu {
namespace {

using testing::ElementsAre;

/// Does a tree's additions on these inputs; returns its roots.
std::vector<std::string> roots(const SlotTree& tree, std::vector<std::string> sums) {
  EXPECT_EQ(tree.inputs, sums.size());
  for (std::uint32_t i = 0; i < tree.addition_count; ++i) {
    const auto [to, from] = tree.additions[i];
    sums.at(to) = "(" + sums.at(to) + sums.at(from) + ")";
  }
  std::vector<std::string> roots;
  for (std::uint32_t i = 0; i < tree.root_count; ++i) roots.push_back(sums.at(tree.roots[i]));
  return roots;
}

/// A letter a slot.
std::vector<std::string> slots(Rows some) {
  std::vector<std::string> letters;
  for (std::uint32_t slot = some.begin; slot < some.end; ++slot) letters.emplace_back(1, "ABCDEFGHIJKLMNOP"[slot]);
  return letters;
}

TEST(SlotTree, AddsNeighboursFirst) {
  EXPECT_THAT(roots(whole_tree(1), slots({0, 1})), ElementsAre("A"));
  EXPECT_THAT(roots(whole_tree(5), slots({0, 5})), ElementsAre("(((AB)(CD))E)"));
  EXPECT_THAT(roots(whole_tree(11), slots({0, 11})), ElementsAre("((((AB)(CD))((EF)(GH)))((IJ)K))"));
  EXPECT_THAT(roots(whole_tree(16), slots({0, 16})), ElementsAre("((((AB)(CD))((EF)(GH)))(((IJ)(KL))((MN)(OP))))"));
}

TEST(SlotTree, GivesEachPartTheBranchesThatAreItsOwn) {
  EXPECT_THAT(roots(branches_of(16, {0, 3}), slots({0, 5})), ElementsAre("((AB)(CD))", "E"));
  EXPECT_THAT(roots(branches_of(16, {1, 3}), slots({5, 10})), ElementsAre("F", "(GH)", "(IJ)"));
  EXPECT_THAT(roots(branches_of(16, {2, 3}), slots({10, 16})), ElementsAre("(KL)", "((MN)(OP))"));
  EXPECT_THAT(roots(branches_of(3, {0, 2}), slots({0, 1})), ElementsAre("A"));
  EXPECT_THAT(roots(branches_of(3, {1, 2}), slots({1, 3})), ElementsAre("B", "C"));
  EXPECT_THAT(roots(branches_of(1, {0, 2}), {}), ElementsAre());
}

TEST(SlotTree, MakesTheSameSumOfAnyPartsBranches) {
  for (std::uint32_t count = 1; count <= kSlots; ++count)
    for (std::uint32_t parts = 1; parts <= 20; ++parts) {
      SCOPED_TRACE(std::to_string(count) + " slots, " + std::to_string(parts) + " parts");
      std::vector<std::string> branches;
      for (std::uint32_t part = 0; part < parts; ++part)
        for (std::string& root : roots(branches_of(count, {part, parts}), slots(Part{part, parts}.of(0, count))))
          branches.push_back(std::move(root));
      EXPECT_EQ(roots(tree_over_branches(count, parts), branches), roots(whole_tree(count), slots({0, count})));
    }
}

TEST(SlotTree, LeavesFewBranchesOfASixteenth) {
  std::vector<std::uint32_t> left;
  for (const std::uint32_t ranks : {1u, 2u, 3u, 4u, 8u, 16u, 40u})
    left.push_back(tree_over_branches(kSlots, ranks).inputs);
  EXPECT_THAT(left, ElementsAre(1, 2, 7, 4, 8, 16, 16));
}

}  // namespace
}  // namespace nib::cpu
