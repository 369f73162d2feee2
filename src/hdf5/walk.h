#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "hdf5/hdf5_file.h"

namespace nib::hdf5 {

/// Where what is found goes, piece by piece.
struct Finder {
  std::function<void(const Hdf5Array&)> array;
  std::function<void(const Hdf5Texts&)> texts;
};

/// Reads a whole file with libhdf5, which may crash or hang: only in a limited child. See read_hdf5() for what is
/// refused; throws Error (bad input) naming the object.
void walk(std::span<const std::uint8_t> bytes, const std::vector<std::string>& attribute_groups,
          const std::vector<std::string>& attribute_names, const Finder& finder);

}  // namespace nib::hdf5
