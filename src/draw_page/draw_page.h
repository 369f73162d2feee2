#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/weights.h"

namespace nib {

/// The most parameters of a network that has a page: 64 MiB of numbers.
inline constexpr std::uint64_t most_page_parameters = std::uint64_t{1} << 24;

/// Throws Error (bad input), naming `source`, for a network that the page cannot show: of images that are not grey, or
/// with more than most_page_parameters.
void check_draw_page(const Network& network, const std::string& source);

/// One HTML page that needs no other file and no network: a canvas, nib's preparation and the network's forward pass in
/// JavaScript, and the weights as base64 of float32 numbers (little-endian) in the order of parameter_specs(); where
/// they have a score, what it says of a drawing is told, too. `class_names`: one a class; `trained_on`: the data set in
/// words, or nothing; `version`: of nib. The network must have passed check_draw_page(). Throws Error (bad input),
/// naming the model's file, for a score that is none.
std::string draw_page(const WeightsFile& model, const std::vector<std::string>& class_names,
                      const std::string& trained_on, const std::string& version);

}  // namespace nib
