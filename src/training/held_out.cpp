#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "data/class_counts.h"
#include "nib/training.h"
#include "training/split.h"
#include "training/words.h"

namespace nib {
namespace {

constexpr Words<HeldOut, 3> words = {
    {{HeldOut::last, "last"}, {HeldOut::random, "random"}, {HeldOut::stratified, "stratified"}}};

/// How many of each class are held out, see split_validation().
std::vector<std::uint64_t> shares(const std::vector<std::uint64_t>& counts, std::uint64_t images, std::uint64_t held) {
  std::vector<std::uint64_t> share, rest;
  for (const std::uint64_t count : counts) {
    share.push_back(count * held / images);
    rest.push_back(count * held % images);
  }
  std::vector<std::size_t> classes(counts.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  std::ranges::stable_sort(classes, [&](std::size_t a, std::size_t b) { return rest[a] > rest[b]; });
  const std::uint64_t missing = held - std::accumulate(share.begin(), share.end(), std::uint64_t{0});
  for (std::size_t i = 0; i < missing; ++i) ++share[classes[i]];
  return share;
}

/// For each image whether it is held out.
std::vector<bool> chosen(const Dataset& dataset, std::size_t held, HeldOut which, std::uint64_t seed) {
  const std::size_t count = dataset.size();
  const std::vector<std::uint32_t> order = shuffled_order(seed, 0, static_cast<std::uint32_t>(count));
  std::vector<bool> out(count);
  if (which == HeldOut::random) {
    for (std::size_t i = count - held; i < count; ++i) out[order[i]] = true;
    return out;
  }
  std::vector<std::uint64_t> left = shares(class_counts(dataset), count, held);
  for (std::size_t i = count; i-- > 0;)
    if (std::uint64_t& of_class = left[dataset.labels[order[i]]]; of_class > 0) {
      out[order[i]] = true;
      --of_class;
    }
  return out;
}

/// The images that are held out, or the others.
std::shared_ptr<const Dataset> part_of(const Dataset& dataset, const std::vector<bool>& out, bool held) {
  std::vector<std::uint32_t> images;
  for (std::size_t i = 0; i < out.size(); ++i)
    if (out[i] == held) images.push_back(static_cast<std::uint32_t>(i));
  return std::make_shared<const Dataset>(chosen_images(dataset, images));
}

}  // namespace

const char* word(HeldOut which) { return word_in(words, which); }

std::optional<HeldOut> held_out(std::string_view word) { return value_in(words, word); }

std::string in_words(HeldOut which, std::size_t validation, std::size_t all) {
  const std::string images = fmt::format("{} of {}", with_commas(validation), with_commas(all));
  if (which == HeldOut::last) return "last " + images;
  return images + (which == HeldOut::random ? " at random" : " at random, the same part of each class");
}

Split split_validation(Dataset dataset, double fraction, HeldOut which, std::uint64_t seed) {
  if (which == HeldOut::stratified && dataset.labels.empty())
    throw usage_error({.setting = "validation",
                       .problem = "the training images have no labels",
                       .expected = "last or random",
                       .got = word(which)});
  if (which == HeldOut::last || fraction == 0.0) return split_validation(std::move(dataset), fraction);
  const std::size_t count = dataset.size(), kept = checked_training_count(count, fraction);
  const std::vector<bool> out = chosen(dataset, count - kept, which, seed);
  return {.training = part_of(dataset, out, false), .validation = part_of(dataset, out, true)};
}

}  // namespace nib
