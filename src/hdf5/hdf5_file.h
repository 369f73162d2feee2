#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// One data set of an HDF5 file: floating-point numbers, or few whole ones.
struct Hdf5Array {
  std::string path;                  ///< "/layers/dense/vars/0"
  std::vector<std::uint32_t> shape;  ///< row-major; empty for a scalar
  std::string type;                  ///< as stored: "F32", "F16", "F64", "I64", "U32" ...
  std::vector<float> values;         ///< of floating-point types, rounded to float where these are wider
  std::vector<std::int64_t> whole;   ///< of integer types
};

/// An attribute of a group that holds text, one or several.
struct Hdf5Texts {
  std::string group;  ///< "/", "/model_weights"
  std::string name;
  std::vector<std::string> texts;
};

struct Hdf5Content {
  std::vector<Hdf5Array> arrays;  ///< in the order of the file's names
  std::vector<Hdf5Texts> attributes;

  const Hdf5Array* array(std::string_view path) const;  ///< null where there is none
  /// An attribute's texts; null where the group has none of this name.
  const std::vector<std::string>* texts(std::string_view group, std::string_view name) const;
};

inline constexpr std::string_view hdf5_signature{"\x89HDF\r\n\x1a\n"};
inline constexpr std::uint64_t largest_hdf5_file = std::uint64_t{256} << 20;  ///< bytes

/// "1.10.8"; empty in a program that was built without libhdf5.
std::string hdf5_version();
/// Of the library that is loaded, here and now; "" where nib was built without. Throws Error (io) where it cannot be.
std::string loaded_hdf5_version();

/// Everything that an HDF5 file holds, and of the groups `attribute_groups` the attributes `attribute_names`. libhdf5
/// reads the file in a process of its own (see limited_child.h), as it crashes and hangs on damaged ones; what comes
/// back is checked again. Refuses links but hard ones, objects that two names lead to, data in other files, virtual
/// data sets, filters but gzip, shapes that the file cannot fill, and types but numbers. Throws Error: bad input naming
/// `source` and the object, also where libhdf5 was not built in; io where no process can be started.
Hdf5Content read_hdf5(std::span<const std::uint8_t> bytes, const std::vector<std::string>& attribute_groups,
                      const std::vector<std::string>& attribute_names, const std::string& source);

/// A data set to be written: F32, or one whole number.
struct Hdf5Values {
  std::string path;
  std::vector<std::uint32_t> shape;
  std::span<const float> values;
};
struct Hdf5Whole {
  std::string path;
  std::int64_t number = 0;
};

/// What an HDF5 file is to be made of; groups that lead to something need not be named.
struct Hdf5Plan {
  std::vector<std::string> groups{};
  std::vector<Hdf5Values> arrays{};
  std::vector<Hdf5Whole> scalars{};
  std::vector<Hdf5Texts> lists{};       ///< arrays of texts; an empty one is of numbers, as h5py makes it
  std::vector<Hdf5Texts> attributes{};  ///< one text each
};

/// The bytes of that file: the same for the same plan. Throws Error naming `source`: io where libhdf5 fails, bad input
/// where it was not built in.
std::vector<std::uint8_t> hdf5_bytes(const Hdf5Plan& plan, const std::string& source);

}  // namespace nib
