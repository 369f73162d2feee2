#include "base/error.h"
#include "hdf5/hdf5_file.h"

// Stands in for what reads and writes HDF5 files where libhdf5 was not there when nib was built.
namespace nib {
namespace {

Error absent(const std::string& source) {
  return input_error(
      {.file = source,
       .problem = "an HDF5 file, and this nib was built without libhdf5",
       .hint = "with the package libhdf5-dev installed, tools/build makes one that reads and writes it"});
}

}  // namespace

std::string hdf5_version() { return {}; }

std::string loaded_hdf5_version() { return {}; }

Hdf5Content read_hdf5(std::span<const std::uint8_t>, const std::vector<std::string>&, const std::vector<std::string>&,
                      const std::string& source) {
  throw absent(source);
}

std::vector<std::uint8_t> hdf5_bytes(const Hdf5Plan&, const std::string& source) { throw absent(source); }

}  // namespace nib
