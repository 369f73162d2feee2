#include "images/several/several.h"

#include <numeric>
#include <utility>

#include "base/error.h"
#include "images/several/frames.h"
#include "images/several/page.h"

namespace nib {

std::size_t DigitsOnPage::size() const {
  return std::accumulate(lines.begin(), lines.end(), std::size_t{0},
                         [](std::size_t sum, const auto& line) { return sum + line.size(); });
}

DigitsOnPage find_digits(const GreyImage& picture, const DigitReader& read, std::size_t rows, std::size_t columns,
                         const std::string& source) {
  Page page = read_page(picture, source);
  DigitsOnPage found{.polarity = page.polarity};
  std::vector<Piece> pieces = pieces_of(page.mask);
  found.frames = remove_frames(pieces, page.mask);
  if (pieces.size() > most_pieces)
    throw input_error({.file = source,
                       .problem = "too many pieces of ink for a picture of digits",
                       .expected = "at most " + std::to_string(most_pieces),
                       .got = std::to_string(pieces.size()),
                       .hint = "cut the picture into parts"});
  const PieceReader read_pieces(page, read, rows, columns);
  for (const TextLine& line : text_lines(std::move(pieces))) {
    std::vector<DigitOnPage>& digits = found.lines.emplace_back();
    for (FoundDigit& digit : digits_of(line, read_pieces))
      digits.push_back(
          {.box = in_picture(digit.piece.box, page.factor, picture), .probabilities = std::move(digit.probabilities)});
  }
  if (found.lines.empty())
    throw input_error({.file = source,
                       .problem = "no digits found",
                       .hint = "the ink that there is was taken for frames, dashes or dirt"});
  return found;
}

}  // namespace nib
