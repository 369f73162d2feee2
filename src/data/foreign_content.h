#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace nib {

/// What a file that is no IDX file holds instead, and what to do about it.
struct ForeignContent {
  std::string name;  ///< "a web page", "a ZIP archive", "text"; empty where it is not known
  std::string hint;  ///< empty where there is nothing to advise
};

/// By the first bytes of the file; 16 of them are enough.
ForeignContent foreign_content(std::span<const std::uint8_t> bytes);

}  // namespace nib
