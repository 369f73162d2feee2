#include "images/preparation/components.h"

#include <algorithm>

namespace nib {
namespace {

/// Which provisional labels belong together: each points to a smaller one, or to itself.
class Unions {
 public:
  std::uint32_t add() {
    parents_.push_back(static_cast<std::uint32_t>(parents_.size()));
    return parents_.back();
  }
  std::uint32_t find(std::uint32_t label) {
    while (parents_[label] != label) label = parents_[label] = parents_[parents_[label]];
    return label;
  }
  void join(std::uint32_t one, std::uint32_t other) {
    one = find(one);
    other = find(other);
    parents_[std::max(one, other)] = std::min(one, other);
  }
  std::size_t size() const { return parents_.size(); }

 private:
  std::vector<std::uint32_t> parents_{0};  ///< label 0 is the background
};

/// Gives each pixel a provisional label: that of a neighbour to the left or above, else a new one.
std::vector<std::uint32_t> label_provisionally(const Mask& mask, Unions& unions) {
  std::vector<std::uint32_t> labels(mask.set.size());
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column) {
      if (!mask.at(row, column)) continue;
      std::uint32_t& label = labels[row * mask.columns + column];
      const auto meet = [&](std::uint32_t neighbour) {
        if (neighbour && label) unions.join(label, neighbour);
        if (neighbour && !label) label = neighbour;
      };
      if (column > 0) meet(*(&label - 1));
      if (row > 0) {
        const std::uint32_t* const above = &label - mask.columns;
        if (column > 0) meet(above[-1]);
        meet(above[0]);
        if (column + 1 < mask.columns) meet(above[1]);
      }
      if (!label) label = unions.add();
    }
  return labels;
}

void add_pixel(Component& component, std::size_t row, std::size_t column, const Mask& mask) {
  Box& box = component.box;
  if (component.pixels++ == 0) box = {row, column, 0, 0};
  const std::size_t right = std::max(box.column + box.columns, column + 1);
  box.column = std::min(box.column, column);
  box.columns = right - box.column;
  box.rows = row + 1 - box.row;  // rows come in order
  component.touches_border |= row == 0 || column == 0 || row + 1 == mask.rows || column + 1 == mask.columns;
}

}  // namespace

Components components_of(const Mask& mask) {
  Unions unions;
  Components result;
  result.labels = label_provisionally(mask, unions);
  std::vector<std::uint32_t> numbers(unions.size());
  for (std::uint32_t label = 1; label < unions.size(); ++label) {
    const std::uint32_t root = unions.find(label);
    if (root == label) {
      result.list.emplace_back();
      numbers[label] = static_cast<std::uint32_t>(result.list.size());
    }
    numbers[label] = numbers[root];
  }
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column) {
      std::uint32_t& label = result.labels[row * mask.columns + column];
      if (!label) continue;
      label = numbers[label];
      add_pixel(result.list[label - 1], row, column, mask);
    }
  return result;
}

}  // namespace nib
