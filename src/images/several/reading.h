#pragma once

#include <functional>
#include <span>
#include <vector>

#include "images/preparation/placement.h"
#include "images/several/page.h"
#include "images/several/pieces.h"

namespace nib {

/// What a network makes of images: probabilities, (image, class).
using DigitReader = std::function<std::vector<float>(std::span<const NetworkImage>)>;

/// A digit found.
struct FoundDigit {
  Piece piece{};
  std::vector<float> probabilities{};  ///< one a class; empty where it was not read
};

/// Reads pieces of a page alone, as images of `rows` x `columns`.
class PieceReader {
 public:
  PieceReader(const Page& page, const DigitReader& read, std::size_t rows, std::size_t columns)
      : page_(page), read_(read), rows_(rows), columns_(columns) {}

  /// Reads those that were not read yet, all at once.
  void operator()(std::span<FoundDigit* const> digits) const;

  const Page& page() const { return page_; }

 private:
  const Page& page_;
  const DigitReader& read_;
  std::size_t rows_, columns_;
};

}  // namespace nib
