#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "images/several/several.h"
#include "nib/dataset.h"
#include "nib/engine.h"
#include "support/digit_pages.h"

namespace nib {

/// The test set of MNIST.
const Dataset& mnist();

/// A network that real Keras trained.
class KerasReader {
 public:
  KerasReader();
  std::vector<float> operator()(std::span<const NetworkImage> images) const;

 private:
  Network network_;
  std::string note_;
  std::unique_ptr<Engine> engine_;
};

double part(std::size_t count, std::size_t all);

/// What two boxes share, as a part of what both cover.
double likeness(const Box& one, const Box& other);

/// What became of the lines of some pages. A line is segmented if as many digits were found as written, in their order,
/// each box at least half that of the digit written (of the area of both).
///
/// What single digits allow is told twice. Digits are drawn anew for a page, leaning and with another pen, by which
/// thin strokes break and small holes close: as the data set has them they are read better than anything on a page
/// could be. So they are also read each from a picture of its own, drawn the same way, as `nib predict` reads one
/// digit.
struct PageScore {
  std::size_t lines = 0, segmented = 0, right = 0;
  std::size_t digits = 0, single_right = 0;  ///< of the written ones, read in the data set's own 28 x 28 pixels
  std::size_t drawn = 0, drawn_right = 0;    ///< of those that were drawn on a picture of their own, read from that
  std::size_t segmented_digits = 0, segmented_right = 0;
  std::vector<std::size_t> lengths{};  ///< digits of each line

  void add(const PageScore& other);
  /// Lines right if each digit were right with the probability of single ones of the data set, or of those drawn alone.
  double lines_that_single_digits_allow() const;
  double lines_that_drawn_digits_allow() const;
};

/// A line of standard output, and one more where digits were read alone.
void print(const char* what, const PageScore& score);

PageScore score_of(const pages::WrittenPage& page, const DigitsOnPage& found, const KerasReader& read);

/// Pages [0, count) of a layout, of digits [first, last) of the test set. `alone`: read each digit alone, too.
PageScore score_pages(pages::Layout layout, std::size_t count, std::size_t first, std::size_t last, std::uint64_t seed,
                      const KerasReader& read, bool touching_pages, bool alone = false);

}  // namespace nib
