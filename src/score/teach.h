#pragma once

#include <optional>
#include <string>

#include "engines/cpu/features.h"
#include "nib/dataset.h"
#include "nib/network.h"
#include "score/judge.h"

namespace nib {

/// Why a network, or its data, can have no judge, in words for a sentence; nothing where it can.
std::string why_no_judge(const Network& network, const Dataset& training);

/// `count` images from `begin` on of `most`, which are spread over the whole set: every third one as it is, the others
/// through redraw(), as those of pictures are. Without labels.
Dataset digits_as_read(const Dataset& set, std::size_t most, std::size_t begin, std::size_t count, unsigned threads);

/// Teaches a judge of `network`, whose features `reader` reads, with training images and no_digits() made of them.
/// Nothing where features overflow.
std::optional<Judge> taught_judge(const Network& network, cpu::FeatureReader& reader, const Dataset& training,
                                  unsigned threads);

}  // namespace nib
