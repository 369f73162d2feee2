#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "commands/predict/own_image.h"
#include "inference/classifier.h"
#include "inference/trust.h"

namespace nib {

/// What the network says of an image file's content, and why the answer may be none, in the words of `class_names`.
/// Messages and documents call it `source`; `as_is`: without preparation. Throws Error, see decode_image(),
/// prepare_image() and Classifier::probabilities().
OwnImage read_image(std::span<const std::uint8_t> bytes, const std::string& source, bool as_is,
                    const std::vector<std::string>& class_names, Classifier& classifier, const Trust& trust);

}  // namespace nib
