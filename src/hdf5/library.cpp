#include "hdf5/library.h"

namespace nib::hdf5 {

constinit LateLibrary library(HDF5_LIBRARY_NAME, HDF5_LIBRARY_FILE);

}  // namespace nib::hdf5
