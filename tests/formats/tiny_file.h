#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/weights.h"
#include "formats/weights_formats.h"
#include "nib/network.h"

namespace nib {

/// Two classes on images of 2x2: fc1.weight [2,4] and fc1.bias [2], 40 bytes of numbers.
Network tiny_network();

/// A file of `header` with its length in front and `data_bytes` of zeros behind.
std::vector<std::uint8_t> safetensors_of(const std::string& header, std::size_t data_bytes);

/// The header of the tiny network's file with some text replaced; `metadata` is its content, e.g. "\"a\":\"b\"".
std::string tiny_header(const std::string& metadata = "");

/// Replaces the one place where `from` stands.
std::string with(std::string text, const std::string& from, const std::string& to);

/// A file of nib's own with its checksum made right for what it now holds.
std::vector<std::uint8_t> with_right_checksum(std::vector<std::uint8_t> bytes);

/// The line of the error that reading `bytes` (as file "f") for the tiny network ends with.
std::string refusal(const std::vector<std::uint8_t>& bytes,
                    const WeightsOptions& options = {.network = tiny_network()});

/// Whether this build reads and writes the format: Keras's take libhdf5.
bool is_built_in(const WeightsFormat& format);

WeightsFile parse_tiny(const std::vector<std::uint8_t>& bytes);

}  // namespace nib
