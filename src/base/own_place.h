#pragma once

#include <filesystem>

namespace nib {

/// Where this code was loaded from, links followed: the program, or the shared library that it is a part of. What
/// belongs to it, its data and modules, is found from there, so that both work wherever they were moved to.
struct OwnPlace {
  std::filesystem::path folder{};  ///< in which it lies: PREFIX/bin, PREFIX/lib, PREFIX/lib/x86_64-linux-gnu
  std::filesystem::path home{};    ///< the prefix that it was installed with, or the clone that it was built in
};

/// Found out once, in the first call. Empty paths where the system does not tell.
const OwnPlace& own_place();

}  // namespace nib
