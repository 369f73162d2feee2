#include "images/preparation/components.h"

#include <algorithm>
#include <cstring>

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

/// Pixels of a row side by side.
struct Run {
  std::size_t row, begin, end;
  std::uint32_t label;  ///< a provisional one, of the row above's runs where it meets some
};

/// All runs, row by row. As most pixels are like the one before, this is less work than to look at each.
std::vector<Run> labelled_runs(const Mask& mask, Unions& unions) {
  std::vector<Run> runs;
  std::size_t above = 0;  // the first run of the row above
  for (std::size_t row = 0; row < mask.rows; ++row) {
    const std::uint8_t* const pixels = mask.set.data() + row * mask.columns;
    const auto next = [&](std::uint8_t value, std::size_t from) {
      const void* const found = std::memchr(pixels + from, value, mask.columns - from);
      return found ? static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - pixels) : mask.columns;
    };
    const std::size_t first = runs.size();
    for (std::size_t begin = next(1, 0); begin < mask.columns;) {
      Run run{.row = row, .begin = begin, .end = next(0, begin), .label = 0};
      while (above < first && runs[above].end < run.begin) ++above;
      for (std::size_t i = above; i < first && runs[i].begin <= run.end; ++i) {
        if (run.label) unions.join(run.label, runs[i].label);
        if (!run.label) run.label = runs[i].label;
      }
      if (!run.label) run.label = unions.add();
      runs.push_back(run);
      begin = next(1, run.end);
    }
    above = first;
  }
  return runs;
}

void add_run(Component& component, const Run& run, const Mask& mask) {
  Box& box = component.box;
  if (component.pixels == 0) box = {run.row, run.begin, 0, 0};
  component.pixels += run.end - run.begin;
  const std::size_t right = std::max(box.column + box.columns, run.end);
  box.column = std::min(box.column, run.begin);
  box.columns = right - box.column;
  box.rows = run.row + 1 - box.row;  // rows come in order
  component.touches_border |= run.row == 0 || run.row + 1 == mask.rows || run.begin == 0 || run.end == mask.columns;
}

/// The numbers, from 1 on, of runs' provisional labels: in the order of their components' first runs.
std::vector<std::uint32_t> numbered(Unions& unions) {
  std::vector<std::uint32_t> numbers(unions.size());
  std::uint32_t count = 0;
  for (std::uint32_t label = 1; label < unions.size(); ++label) {
    const std::uint32_t root = unions.find(label);
    numbers[label] = root == label ? ++count : numbers[root];
  }
  return numbers;
}

std::vector<Component> list_of(const std::vector<Run>& runs, const std::vector<std::uint32_t>& numbers,
                               const Mask& mask) {
  std::vector<Component> list(*std::ranges::max_element(numbers));
  for (const Run& run : runs) add_run(list[numbers[run.label] - 1], run, mask);
  return list;
}

}  // namespace

std::vector<Component> component_list(const Mask& mask) {
  Unions unions;
  const std::vector<Run> runs = labelled_runs(mask, unions);
  return list_of(runs, numbered(unions), mask);
}

Components components_of(const Mask& mask) {
  Unions unions;
  const std::vector<Run> runs = labelled_runs(mask, unions);
  const std::vector<std::uint32_t> numbers = numbered(unions);
  Components result{.list = list_of(runs, numbers, mask), .labels = std::vector<std::uint32_t>(mask.set.size())};
  for (const Run& run : runs)
    std::fill_n(result.labels.begin() + static_cast<std::ptrdiff_t>(run.row * mask.columns + run.begin),
                run.end - run.begin, numbers[run.label]);
  return result;
}

}  // namespace nib
