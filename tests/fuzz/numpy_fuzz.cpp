// Any bytes, taken as an archive of NumPy's arrays of images and labels.
#include "data/numpy_set.h"
#include "loaded_set.h"
#include "memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  check_set([&] { return nib::read_numpy_set(file.path(), nib::DataParts::both); });
  return 0;
}
