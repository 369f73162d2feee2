#include "images/several/reading.h"

#include <algorithm>
#include <iterator>

#include "images/preparation/digit_image.h"

namespace nib {
namespace {

/// The ink of a piece alone, in a field of its box and a pixel around it. A pixel beside it counts as its soft edge
/// unless it is ink itself, which then is another piece's.
NetworkImage image_of(const Piece& piece, const Page& page, std::size_t rows, std::size_t columns) {
  constexpr std::size_t edge = 1;
  const Box& box = piece.box;
  const std::size_t top = box.row - std::min(edge, box.row), left = box.column - std::min(edge, box.column);
  const std::size_t bottom = std::min(page.mask.rows, piece.bottom() + edge),
                    right = std::min(page.mask.columns, piece.right() + edge);
  Mask mask{bottom - top, right - left, std::vector<std::uint8_t>((bottom - top) * (right - left))};
  for (const std::uint32_t pixel : piece.pixels)
    mask.at(pixel / page.mask.columns - top, pixel % page.mask.columns - left) = 1;
  Field ink = field_of(mask.rows, mask.columns);
  for (std::size_t row = 0; row < mask.rows; ++row)
    for (std::size_t column = 0; column < mask.columns; ++column)
      if (mask.at(row, column) || !page.mask.at(top + row, left + column))
        ink.at(row, column) = page.ink.at(top + row, left + column);
  const Box inside{box.row - top, box.column - left, box.rows, box.columns};
  return digit_image(ink_of_digit(ink, mask, inside, page.levels.core), inside,
                     page.levels.threshold / page.levels.core, rows, columns);
}

}  // namespace

void PieceReader::operator()(std::span<FoundDigit* const> digits) const {
  std::vector<FoundDigit*> unread;
  std::ranges::copy_if(digits, std::back_inserter(unread),
                       [](const FoundDigit* digit) { return digit->probabilities.empty(); });
  if (unread.empty()) return;
  std::vector<NetworkImage> images;
  for (const FoundDigit* digit : unread) images.push_back(image_of(digit->piece, page_, rows_, columns_));
  const std::vector<float> all = read_(images);
  const std::size_t classes = all.size() / images.size();
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::span<const float> own = std::span(all).subspan(i * classes, classes);
    unread[i]->probabilities.assign(own.begin(), own.end());
  }
}

}  // namespace nib
