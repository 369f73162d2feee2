#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// What the header of a .npy file says.
struct NpyHeader {
  char kind = 'f';
  std::uint32_t item_bytes = 4;
  bool big_endian = false, fortran_order = false;
  std::vector<std::uint32_t> shape;
};

/// Reads a header's text, a dictionary as Python writes it: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
/// Throws Error (bad input) with `source` and the key.
NpyHeader parse_npy_header(std::string_view text, const std::string& source);

/// The text for an array in C order.
std::string npy_header_text(char kind, std::uint32_t item_bytes, std::span<const std::uint32_t> shape);

}  // namespace nib
