#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nib {

/// A NumPy array.
struct NpyArray {
  char kind = 'f';                   ///< f float, i and u whole numbers, b truth, S bytes, U Unicode
  std::uint32_t item_bytes = 4;      ///< of one element: 2, 4 or 8 of a float; 1 to 8 of a whole number; 1 of a truth
  std::vector<std::uint32_t> shape;  ///< empty for a single element
  std::vector<std::uint8_t> bytes;   ///< row-major, little-endian
};

/// Whether a file begins as a .npy file does.
bool is_npy(std::span<const std::uint8_t> bytes);

/// Reads a .npy file whole: versions 1 to 3 of the format (numpy/lib/format.py), either byte order, C and Fortran
/// order. Header, shape and size are checked before memory is set aside. Throws Error (bad input) with `source` and the
/// field: for pickled objects, records and other types, too.
NpyArray parse_npy(std::span<const std::uint8_t> bytes, const std::string& source);

/// The file (version 1) of an array, as numpy.save writes it.
std::vector<std::uint8_t> npy_bytes(const NpyArray& array);

/// What a single text (kind S or U) says, as UTF-8; nullopt for other arrays. NumPy fills texts up with NULs: it ends
/// at the first.
std::optional<std::string> npy_text(const NpyArray& array);
NpyArray npy_of_text(const std::string& text);

}  // namespace nib
