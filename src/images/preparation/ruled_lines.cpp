#include "images/preparation/ruled_lines.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <vector>

#include "images/preparation/mask.h"

namespace nib {
namespace {

/// A piece of a column from `first` to before `last` that is ink throughout.
struct Run {
  std::size_t column, first, last;
  std::size_t length() const { return last - first; }
  double middle() const { return static_cast<double>(first + last) / 2; }
};

std::vector<Run> thin_runs(const Mask& mask, std::size_t thickest) {
  std::vector<Run> runs;
  std::vector<std::size_t> begins(mask.columns, mask.rows);  // of the run that is open in each column
  for (std::size_t row = 0; row <= mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column) {
      std::size_t& begin = begins[column];
      const bool ink = row < mask.rows && mask.at(row, column);
      if (ink && begin == mask.rows) begin = row;
      if (ink || begin == mask.rows) continue;
      if (row - begin <= thickest) runs.push_back({column, begin, row});
      begin = mask.rows;
    }
  return runs;
}

/// Straight lines through the middles of thin runs, found by voting: a line is told by its row in the middle column
/// and by its drift, how many rows it falls over the whole width.
class LineVotes {
 public:
  LineVotes(const Mask& mask, std::size_t thickest)
      : columns_(mask.columns),
        bin_rows_(static_cast<double>(std::max<std::size_t>(2, thickest))),
        largest_drift_(static_cast<int>(0.06 * static_cast<double>(mask.columns) / bin_rows_)),
        bins_(static_cast<std::size_t>(static_cast<double>(mask.rows) / bin_rows_) + 2),
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
  std::vector<std::uint8_t> hidden(const Line& line, const Mask& mask) const {
    std::vector<std::uint8_t> result(columns_);
    for (std::size_t column = 0; column < columns_; ++column) {
      const double across = (static_cast<double>(column) + 0.5) / static_cast<double>(columns_) - 0.5;
      const double row = (static_cast<double>(line.bin + 1) + line.drift * across) * bin_rows_;
      if (row >= 0 && row < static_cast<double>(mask.rows))
        result[column] = mask.at(static_cast<std::size_t>(row), column);
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

std::vector<Run> level_lines(const Mask& mask, std::size_t& lines) {
  const std::size_t thickest = std::max<std::size_t>(2, std::max(mask.rows, mask.columns) / 25);
  std::vector<Run> runs = thin_runs(mask, thickest);
  LineVotes votes(mask, thickest);
  for (const Run& run : runs) votes.vote(run, 1);
  std::vector<Run> to_erase;
  constexpr std::size_t most_lines = 100;
  for (std::size_t tries = 0; tries < most_lines; ++tries) {
    const LineVotes::Line line = votes.best();
    if (4 * static_cast<std::size_t>(votes.count(line)) < mask.columns) break;
    const auto passing =
        std::partition(runs.begin(), runs.end(), [&](const Run& run) { return !votes.passes(line, run); });
    const std::vector<Run> of_line(passing, runs.end());
    runs.erase(passing, runs.end());
    for (const Run& run : of_line) votes.vote(run, -1);
    if (!crosses_the_image(of_line, votes.hidden(line, mask))) continue;
    ++lines;
    const std::size_t thickest_of_line = median_length(of_line) * 3 / 2 + 1;
    std::ranges::copy_if(of_line, std::back_inserter(to_erase),
                         [&](const Run& run) { return run.length() <= thickest_of_line; });
  }
  return to_erase;
}

/// Clears runs, and their soft edges, in the ink; `at` gives a pixel's place in it.
template <typename At>
void erase(const std::vector<Run>& runs, std::size_t rows, const At& at, Field& ink) {
  for (const Run& run : runs)
    for (std::size_t row = run.first > 0 ? run.first - 1 : 0; row < std::min(rows, run.last + 1); ++row)
      ink.values[at(row, run.column)] = 0;
}

}  // namespace

std::size_t remove_ruled_lines(Field& ink, float faint) {
  const std::size_t columns = ink.columns;
  std::size_t lines = 0;
  erase(
      level_lines(mask_of(ink, faint), lines), ink.rows,
      [&](std::size_t row, std::size_t column) { return row * columns + column; }, ink);
  erase(
      level_lines(transposed(mask_of(ink, faint)), lines), ink.columns,
      [&](std::size_t column, std::size_t row) { return row * columns + column; }, ink);
  return lines;
}

}  // namespace nib
