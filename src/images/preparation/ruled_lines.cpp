#include "images/preparation/ruled_lines.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <vector>

#include "images/preparation/mask.h"

namespace nib {
namespace {

/// A mask, or the same with its rows as columns: lines are level in what is seen.
struct View {
  const Mask& mask;
  bool turned = false;

  std::size_t rows() const { return turned ? mask.columns : mask.rows; }
  std::size_t columns() const { return turned ? mask.rows : mask.columns; }
  std::size_t index(std::size_t row, std::size_t column) const {
    return turned ? column * mask.columns + row : row * mask.columns + column;
  }
};

/// A piece of a column from `first` to before `last` that is ink throughout.
struct Run {
  std::size_t column, first, last;
  std::size_t length() const { return last - first; }
  double middle() const { return static_cast<double>(first + last) / 2; }
};

/// Calls `work(place)` for each byte in which two arrays differ; most do not, eight at a time.
template <typename Work>
void for_each_difference(const std::uint8_t* one, const std::uint8_t* other, std::size_t count, const Work& work) {
  for (std::size_t begin = 0; begin < count; begin += sizeof(std::uint64_t)) {
    const std::size_t end = std::min(count, begin + sizeof(std::uint64_t));
    if (std::memcmp(one + begin, other + begin, end - begin) == 0) continue;
    for (std::size_t place = begin; place < end; ++place)
      if (one[place] != other[place]) work(place);
  }
}

/// Along the mask's columns: where a row differs from the one above, runs begin and end.
std::vector<Run> runs_down(const Mask& mask, std::size_t thickest) {
  std::vector<Run> runs;
  std::vector<std::size_t> begins(mask.columns);  // of the run that is open in each column
  const std::vector<std::uint8_t> nothing(mask.columns);
  const std::uint8_t* above = nothing.data();
  for (std::size_t row = 0; row <= mask.rows; ++row) {
    const std::uint8_t* const own = row < mask.rows ? mask.set.data() + row * mask.columns : nothing.data();
    for_each_difference(above, own, mask.columns, [&](std::size_t column) {
      if (own[column])
        begins[column] = row;
      else if (row - begins[column] <= thickest)
        runs.push_back({column, begins[column], row});
    });
    above = own;
  }
  return runs;
}

/// Along its rows, which are the columns of the turned view.
std::vector<Run> runs_across(const Mask& mask, std::size_t thickest) {
  std::vector<Run> runs;
  for (std::size_t row = 0; row < mask.rows; ++row) {
    const auto begin = mask.set.begin() + static_cast<std::ptrdiff_t>(row * mask.columns),
               end = begin + static_cast<std::ptrdiff_t>(mask.columns);
    for (auto first = std::find(begin, end, 1); first != end;) {
      const auto last = std::find(first, end, 0);
      const Run run{row, static_cast<std::size_t>(first - begin), static_cast<std::size_t>(last - begin)};
      if (run.length() <= thickest) runs.push_back(run);
      first = std::find(last, end, 1);
    }
  }
  return runs;
}

/// Straight lines through the middles of thin runs, found by voting: a line is told by its row in the middle column
/// and by its drift, how many rows it falls over the whole width.
class LineVotes {
 public:
  LineVotes(const View& view, std::size_t thickest)
      : columns_(view.columns()),
        bin_rows_(static_cast<double>(std::max<std::size_t>(2, thickest))),
        largest_drift_(static_cast<int>(0.06 * static_cast<double>(columns_) / bin_rows_)),
        bins_(static_cast<std::size_t>(static_cast<double>(view.rows()) / bin_rows_) + 2),
        votes_(static_cast<std::size_t>(2 * largest_drift_ + 1) * bins_) {}

  struct Line {
    int drift;        ///< in bins
    std::size_t bin;  ///< of the row in the middle column
  };

  void vote(const Run& run, int weight) {
    for (int drift = -largest_drift_; drift <= largest_drift_; ++drift)
      if (const std::optional<std::size_t> bin = bin_of(run, drift)) votes_[index({drift, *bin})] += weight;
  }

  /// The line with the most votes in its bin and the next.
  Line best() const {
    Line best{0, 0};
    for (int drift = -largest_drift_; drift <= largest_drift_; ++drift)
      for (std::size_t bin = 0; bin + 1 < bins_; ++bin)
        if (count({drift, bin}) > count(best)) best = {drift, bin};
    return best;
  }
  int count(const Line& line) const { return votes_[index(line)] + votes_[index(line) + 1]; }

  /// The columns in which there is ink where the line would be.
  std::vector<std::uint8_t> hidden(const Line& line, const View& view) const {
    std::vector<std::uint8_t> result(columns_);
    for (std::size_t column = 0; column < columns_; ++column) {
      const double across = (static_cast<double>(column) + 0.5) / static_cast<double>(columns_) - 0.5;
      const double row = (static_cast<double>(line.bin + 1) + line.drift * across) * bin_rows_;
      if (row >= 0 && row < static_cast<double>(view.rows()))
        result[column] = view.mask.set[view.index(static_cast<std::size_t>(row), column)];
    }
    return result;
  }

  bool passes(const Line& line, const Run& run) const {
    const std::optional<std::size_t> bin = bin_of(run, line.drift);
    return bin && (*bin == line.bin || *bin == line.bin + 1);
  }

 private:
  std::size_t index(const Line& line) const {
    return static_cast<std::size_t>(line.drift + largest_drift_) * bins_ + line.bin;
  }
  std::optional<std::size_t> bin_of(const Run& run, int drift) const {
    const double across = (static_cast<double>(run.column) + 0.5) / static_cast<double>(columns_) - 0.5;
    const double bin = run.middle() / bin_rows_ - drift * across;
    if (bin < 0 || bin >= static_cast<double>(bins_)) return std::nullopt;
    return static_cast<std::size_t>(bin);
  }

  std::size_t columns_;
  double bin_rows_;
  int largest_drift_;
  std::size_t bins_;
  std::vector<int> votes_;  ///< (drift, bin)
};

/// Whether the runs of a line are seen in most columns, and at both sides of the image; columns in which thicker ink
/// lies on the line tell nothing.
bool crosses_the_image(const std::vector<Run>& runs, const std::vector<std::uint8_t>& hidden) {
  std::vector<std::uint8_t> seen(hidden.size());
  for (const Run& run : runs) seen[run.column] = 1;
  const auto seen_in = [&](std::size_t first, std::size_t last) {
    std::size_t count = 0, visible = 0;
    for (std::size_t column = first; column < last; ++column) {
      count += seen[column];
      visible += seen[column] || !hidden[column] ? 1 : 0;
    }
    return count > 0 && 2 * count >= visible;
  };
  const std::size_t columns = hidden.size(), edge = std::min(columns, std::max<std::size_t>(2, columns / 50));
  return seen_in(0, columns) && seen_in(0, edge) && seen_in(columns - edge, columns);
}

std::size_t median_length(std::vector<Run> runs) {
  const auto middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
  std::nth_element(runs.begin(), middle, runs.end(),
                   [](const Run& one, const Run& other) { return one.length() < other.length(); });
  return middle->length();
}

std::vector<Run> level_lines(const View& view, std::size_t& lines) {
  const std::size_t columns = view.columns();
  const std::size_t thickest = std::max<std::size_t>(2, std::max(view.rows(), columns) / 25);
  std::vector<Run> runs = view.turned ? runs_across(view.mask, thickest) : runs_down(view.mask, thickest);
  if (4 * runs.size() < columns) return {};
  LineVotes votes(view, thickest);
  for (const Run& run : runs) votes.vote(run, 1);
  std::vector<Run> to_erase;
  constexpr std::size_t most_lines = 100;
  for (std::size_t tries = 0; tries < most_lines; ++tries) {
    const LineVotes::Line line = votes.best();
    if (4 * static_cast<std::size_t>(votes.count(line)) < columns) break;
    const auto passing =
        std::partition(runs.begin(), runs.end(), [&](const Run& run) { return !votes.passes(line, run); });
    const std::vector<Run> of_line(passing, runs.end());
    runs.erase(passing, runs.end());
    for (const Run& run : of_line) votes.vote(run, -1);
    if (!crosses_the_image(of_line, votes.hidden(line, view))) continue;
    ++lines;
    const std::size_t thickest_of_line = median_length(of_line) * 3 / 2 + 1;
    std::ranges::copy_if(of_line, std::back_inserter(to_erase),
                         [&](const Run& run) { return run.length() <= thickest_of_line; });
  }
  return to_erase;
}

/// Clears runs, and their soft edges, in the ink.
void erase(const std::vector<Run>& runs, const View& view, Field& ink) {
  for (const Run& run : runs)
    for (std::size_t row = run.first > 0 ? run.first - 1 : 0; row < std::min(view.rows(), run.last + 1); ++row)
      ink.values[view.index(row, run.column)] = 0;
}

}  // namespace

std::size_t remove_ruled_lines(Field& ink, float faint) {
  std::size_t lines = 0;
  Mask mask = mask_of(ink, faint);
  const std::vector<Run> level = level_lines({mask}, lines);
  erase(level, {mask}, ink);
  if (!level.empty()) mask = mask_of(ink, faint);
  const View turned{mask, true};
  erase(level_lines(turned, lines), turned, ink);
  return lines;
}

}  // namespace nib
