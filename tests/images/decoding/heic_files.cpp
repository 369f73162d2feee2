#include "images/decoding/heic_files.h"

#include <algorithm>

#include "base/files.h"
#include "tests/places.h"

namespace nib {

Bytes heic_file(const std::string& name) {
  return read_file(std::string(NIB_GOLDEN) + "/images/" + name + ".heic", 1 << 20);
}

std::size_t box_type(const Bytes& file, std::string_view type) {
  const auto found = std::ranges::search(file, type).begin();
  EXPECT_NE(found, file.end()) << type;
  return static_cast<std::size_t>(found - file.begin());
}

}  // namespace nib
