#include "images/several/several.h"

#include <numeric>
#include <utility>

#include "base/error.h"
#include "images/several/frames.h"

namespace nib {

namespace {

/// Frames are often printed fainter than digits are written, as faint as no stroke, and in pieces then: they are looked
/// for among all that is clearly above the noise. How many there were.
std::size_t remove_faint_frames(Page& page) {
  const Mask all = mask_of(page.ink, page.levels.faint);
  Mask rest = all;
  std::vector<Piece> pieces = pieces_of(all);
  const std::size_t frames = remove_frames(pieces, rest);
  if (frames > 0)
    for (std::size_t i = 0; i < all.set.size(); ++i)
      if (all.set[i] && !rest.set[i]) page.mask.set[i] = 0;
  return frames;
}

}  // namespace

std::size_t DigitsOnPage::size() const {
  return std::accumulate(lines.begin(), lines.end(), std::size_t{0},
                         [](std::size_t sum, const auto& line) { return sum + line.size(); });
}

LinesOnPage find_lines(const GreyImage& picture, const std::string& source) {
  LinesOnPage found{.page = read_page(picture, source)};
  std::vector<Piece> pieces = pieces_of(found.page.mask);
  found.frames = remove_frames(pieces, found.page.mask);
  if (found.frames == 0 && (found.frames = remove_faint_frames(found.page)) > 0) pieces = pieces_of(found.page.mask);
  if (pieces.size() > most_pieces)
    throw input_error({.file = source,
                       .problem = "too many pieces of ink for a picture of digits",
                       .expected = "at most " + std::to_string(most_pieces),
                       .got = std::to_string(pieces.size()),
                       .hint = "cut the picture into parts"});
  found.lines = text_lines(std::move(pieces), found.page.mask.columns);
  return found;
}

DigitsOnPage find_digits(const GreyImage& picture, const ReadingNetwork& network, const std::string& source) {
  const LinesOnPage written = find_lines(picture, source);
  const Page& page = written.page;
  DigitsOnPage found{.polarity = page.polarity, .lines = {}, .frames = written.frames};
  const PieceReader reader(page, network);
  for (const TextLine& line : written.lines) {
    std::vector<DigitOnPage>& digits = found.lines.emplace_back();
    DividedLine divided = digits_of(line, reader);
    found.left_out += divided.left_out;
    for (FoundDigit& digit : divided.digits)
      digits.push_back({.box = in_picture(digit.piece.box, page.factor, picture),
                        .probabilities = std::move(digit.probabilities),
                        .height = line.height * static_cast<double>(page.factor),
                        .whole = digit.looks ? std::optional(digit.looks->whole) : std::nullopt});
  }
  if (found.lines.empty())
    throw input_error({.file = source,
                       .problem = "no digits found",
                       .hint = "the ink that there is was taken for frames, dashes or dirt"});
  return found;
}

}  // namespace nib
