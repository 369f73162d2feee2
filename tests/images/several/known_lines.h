#pragma once

#include <cstddef>
#include <vector>

#include "images/several/page_scores.h"
#include "images/several/splitting.h"

namespace nib {

/// A line of a drawn page with all digits that it may have, of which is known which are right.
struct KnownLine {
  TextLine line{};
  Ways ways{};
  std::vector<double> likeness{};     ///< of each candidate to the written digit it is most alike, see likeness()
  std::vector<std::size_t> digits{};  ///< that digit, of the line
  std::vector<bool> right{};          ///< whether it belongs to the right way: of all ways with a candidate for each
                              ///< written digit, at least half the same, the one with the largest sum of likeness
  bool can_be_right = false;  ///< whether there is such a way
  bool touching = false;      ///< whether digits touch
};

struct KnownPage {
  Page page{};
  std::vector<KnownLine> lines{};  ///< none where other lines were found than are written
};

/// Without `read` candidates are not read, no piece is taken for surely one digit, and there are no fragments.
KnownPage known_page(const pages::WrittenPage& written, const DigitReader& read);

}  // namespace nib
