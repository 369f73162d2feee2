// Any bytes, taken as a CSV table of images.
#include "data/csv_set.h"
#include "loaded_set.h"
#include "memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  check_set([&] { return nib::read_csv_set(file.path(), nib::DataParts::both); });
  return 0;
}
