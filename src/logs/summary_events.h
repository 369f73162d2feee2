#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "encodings/protobuf.h"

namespace nib {

/// The messages of TensorBoard's event files that nib writes (TensorFlow's event.proto and summary.proto). `wall_time`
/// is in seconds since 1970, UTC; TensorBoard draws values over `step`. The values are of the plain kinds
/// (simple_value, image), which TensorBoard assigns to its pages for scalars and images by themselves.

/// What every event file begins with.
ProtobufMessage version_event(double wall_time);
ProtobufMessage scalar_event(double wall_time, std::uint64_t step, const std::string& tag, float value);
/// A picture, as the bytes of a PNG file. Throws std::invalid_argument for others.
ProtobufMessage image_event(double wall_time, std::uint64_t step, const std::string& tag,
                            std::span<const std::uint8_t> png);

}  // namespace nib
