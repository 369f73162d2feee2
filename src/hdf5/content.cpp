#include <algorithm>

#include "hdf5/hdf5_file.h"

namespace nib {

const Hdf5Array* Hdf5Content::array(std::string_view path) const {
  const auto found = std::ranges::find(arrays, path, &Hdf5Array::path);
  return found == arrays.end() ? nullptr : &*found;
}

const std::vector<std::string>* Hdf5Content::texts(std::string_view group, std::string_view name) const {
  const auto found = std::ranges::find_if(
      attributes, [&](const Hdf5Texts& attribute) { return attribute.group == group && attribute.name == name; });
  return found == attributes.end() ? nullptr : &found->texts;
}

}  // namespace nib
