#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/idx.h"

namespace nib {

/// The header of an IDX file of other numbers than unsigned bytes, or of labels in several columns, as QMNIST has them.
struct IdxNumbersHeader {
  std::uint8_t type = 0;  ///< third byte: 0x08 unsigned, 0x09 signed bytes, 0x0B, 0x0C integers, 0x0D, 0x0E floats
  std::vector<std::uint32_t> shape;  ///< one to three dimensions

  std::size_t header_bytes() const { return 4 + 4 * shape.size(); }
  std::uint64_t file_bytes() const;
};

/// Reads such a header from the first bytes of a file; nullopt for what is a plain IDX file, or none.
std::optional<IdxNumbersHeader> idx_numbers_header(std::span<const std::uint8_t> beginning, IdxKind expected);

/// Makes the plain IDX file that holds the same, of the first column of labels: whole numbers from 0 to 255, or pixels
/// from 0 to 1 (see numpy_values.h). Throws Error (bad input) naming `file` and the element.
std::vector<std::uint8_t> plain_idx(std::span<const std::uint8_t> bytes, const IdxNumbersHeader& header,
                                    IdxKind expected, const std::string& file);

}  // namespace nib
