#include "images/several/reading.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "images/preparation/digit_image.h"
#include "images/several/view.h"

namespace nib {

LoneDigit alone(const Piece& piece, const Page& page) {
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
  return {ink_of_digit(ink, mask, inside, page.levels.core), inside};
}

void PieceReader::look(std::span<FoundDigit* const> digits, double height) const {
  if (!network_.of_digits) return;
  for (FoundDigit* const digit : digits)
    if (!digit->looks) digit->looks = looks_of(view_of(digit->piece, page_, height));
}

void PieceReader::read(std::span<FoundDigit* const> digits) const {
  std::vector<FoundDigit*> unread;
  std::ranges::copy_if(digits, std::back_inserter(unread),
                       [](const FoundDigit* digit) { return digit->probabilities.empty(); });
  if (unread.empty()) return;
  // Two ways to cut off a speck leave the same image.
  std::vector<NetworkImage> images;
  std::vector<std::size_t> places;
  for (const FoundDigit* digit : unread) {
    const LoneDigit lone = alone(digit->piece, page_);
    NetworkImage image =
        digit_image(lone.ink, lone.box, page_.levels.threshold / page_.levels.core, network_.rows, network_.columns);
    const auto same = std::ranges::find(images, image.pixels, &NetworkImage::pixels);
    places.push_back(static_cast<std::size_t>(same - images.begin()));
    if (same == images.end()) images.push_back(std::move(image));
  }
  const std::vector<float> all = network_.read(images);
  const std::size_t classes = all.size() / images.size();
  for (std::size_t i = 0; i < unread.size(); ++i) {
    const std::span<const float> own = std::span(all).subspan(places[i] * classes, classes);
    unread[i]->probabilities.assign(own.begin(), own.end());
  }
}

}  // namespace nib
