#pragma once

#include <cstdint>
#include <span>

#include "nib/engine.h"

namespace nib {

// What Engine's calls check before they do anything: see there which Error means what.

/// Throws Error (bug) where augmentation, label smoothing or what an optimizer has beside its rule is out of range.
void check_training_options(const EngineOptions& options);

/// A set that can be uploaded at all: there is one, with no labels or one for each image.
void check_dataset(const Dataset* dataset);

/// Throws Error (bad input) unless the class of every image is known.
void check_labelled(const Dataset& dataset);

/// Throws Error (bug) unless every index is below `images`.
void check_order(std::span<const std::uint32_t> order, std::size_t images);

/// Throws Error (bug) unless there is a learning rate for each step of `batch` images, the last of which may have
/// fewer.
void check_learning_rates(std::size_t learning_rates, std::size_t images, std::uint32_t batch);

/// Throws Error (bug) unless there is room for nothing at all or for each image's probability of each class.
void check_probabilities(std::size_t numbers, std::size_t images, std::uint32_t classes);

}  // namespace nib
