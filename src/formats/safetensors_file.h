#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/file_tensor.h"
#include "formats/safetensors_header.h"
#include "nib/parameters.h"

namespace nib {

/// A safetensors file in memory: 8 bytes of header length, the header, the tensors.
struct SafetensorsFile {
  SafetensorsHeader header;
  std::string_view header_text;        ///< as it stands in the file
  std::span<const std::uint8_t> data;  ///< what the entries' offsets count in

  std::vector<FileTensor> tensors() const;
};

/// Bytes of the header length in front of a header.
constexpr std::size_t length_bytes = 8;

/// Whether a file begins as this format does: a header length that fits, and an object behind it.
bool is_safetensors(std::span<const std::uint8_t> bytes);

/// Takes a file apart and checks all of it but the numbers. The result points into `bytes`. Throws Error (bad input);
/// a file of another format is called by its name.
SafetensorsFile parse_safetensors(std::span<const std::uint8_t> bytes, const std::string& source);

/// The file that the reference writer makes of these tensors, all F32: ordered by name. Throws Error (bad input) when
/// the header would be longer than readers allow.
std::vector<std::uint8_t> safetensors_bytes(const Parameters& parameters,
                                            const std::map<std::string, std::string>& metadata,
                                            const std::string& source);

}  // namespace nib
