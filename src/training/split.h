#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nib/dataset.h"

namespace nib {

/// Which of the training images are held out for validation.
enum class HeldOut : std::uint8_t {
  last,        ///< of the files, as in Keras
  random,      ///< each equally likely
  stratified,  ///< likewise, but of each class the same part
};
/// As users call it: "stratified".
const char* word(HeldOut which);
std::optional<HeldOut> held_out(std::string_view word);
/// "last 6,000 of 60,000", "6,000 of 60,000 at random", "6,000 of 60,000 at random, the same part of each class".
std::string in_words(HeldOut which, std::size_t validation, std::size_t all);

/// Holds out training_count()'s rest of the images, which are as many in each way, before any shuffle. At random is by
/// the order that an epoch 0 of the seed would have, see shuffled_order(): the last ones in that order are held out.
/// Both parts keep the order of the files.
///
/// Stratified: of the n images, c_k of class k, v in all are held out. Of each class these are floor(c_k v / n), and
/// one more of those classes whose part was rounded by the most (of equal ones of the first), until there are v.
///
/// Throws Error: usage where either part would be empty, and stratified of images without labels. A fraction of 0 holds
/// nothing out.
Split split_validation(Dataset dataset, double fraction, HeldOut which, std::uint64_t seed);

/// Some images of a set, in this order, with their labels: copies, but of packed images only their numbers.
Dataset chosen_images(const Dataset& dataset, const std::vector<std::uint32_t>& images);

/// training_count(), or the same Error where it leaves one part empty, and for a fraction that is none.
std::size_t checked_training_count(std::size_t count, double fraction);

}  // namespace nib
