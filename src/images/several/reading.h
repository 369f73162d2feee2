#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "images/preparation/placement.h"
#include "images/several/looks.h"
#include "images/several/page.h"
#include "images/several/pieces.h"

namespace nib {

/// What a network makes of images: probabilities, (image, class).
using DigitReader = std::function<std::vector<float>(std::span<const NetworkImage>)>;

/// A network that reads images of `rows` x `columns`.
struct ReadingNetwork {
  DigitReader read{};
  std::size_t rows = 28, columns = 28;
  bool of_digits = true;  ///< its classes are 0 to 9; of others it is not known what whole ones look like
};

/// A digit found.
struct FoundDigit {
  Piece piece{};
  std::vector<float> probabilities{};  ///< one a class; empty where it was not read
  std::optional<Looks> looks{};        ///< nothing where it was not looked at
};

/// The ink of a piece alone, 0 to 1, in a field of its box and a pixel around it, and the box in that. A pixel beside
/// it counts as its soft edge unless it is ink itself, which then is another piece's.
struct LoneDigit {
  Field ink{};
  Box box{};
};
LoneDigit alone(const Piece& piece, const Page& page);

/// Looks at pieces of a page in their line, and reads them alone.
class PieceReader {
 public:
  PieceReader(const Page& page, const ReadingNetwork& network) : page_(page), network_(network) {}

  /// Looks at those that were not looked at yet, on a line of this height (looks.h). Not where classes are no digits.
  void look(std::span<FoundDigit* const> digits, double height) const;
  /// Reads those that were not read yet, all at once.
  void read(std::span<FoundDigit* const> digits) const;

  const Page& page() const { return page_; }

 private:
  const Page& page_;
  const ReadingNetwork& network_;
};

}  // namespace nib
