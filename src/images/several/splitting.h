#pragma once

#include <functional>
#include <span>
#include <vector>

#include "images/preparation/placement.h"
#include "images/several/page.h"
#include "images/several/text_lines.h"

namespace nib {

/// What a network makes of images: probabilities, (image, class).
using DigitReader = std::function<std::vector<float>(std::span<const NetworkImage>)>;

/// A digit found.
struct FoundDigit {
  Piece piece{};
  std::vector<float> probabilities{};  ///< one a class
};

/// Divides a line into digits by recognising them. First each fragment joins the digit near it that becomes a better
/// one by it. Then pieces are cut where digits may touch, and of all ways to put neighbouring parts together to digits
/// the cheapest is taken. A way costs
///
///     sum over its digits of (-log p + shape + joins), and 1.5 + 0.8 ink / stroke for each of its cuts
///
/// p is the probability of the class for which that is least. A shape costs (excess / deviation)^2 / 2 for what is
/// wider than the line's digits are high (deviation 0.1 heights), lower than 0.7 (0.1) or higher than 1.12 heights
/// (0.08); where the network has ten classes also for a 1 wider than 0.8 (0.1) and any other digit narrower than 0.42
/// heights (0.06): of MNIST's training digits one in 200 is. Joining pieces that do not touch costs 4, and 25 a height
/// of blank between them. Images are of `rows` x `columns`.
std::vector<FoundDigit> digits_of(const TextLine& line, const Page& page, const DigitReader& read, std::size_t rows,
                                  std::size_t columns);

}  // namespace nib
