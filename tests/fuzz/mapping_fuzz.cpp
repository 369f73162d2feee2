// Any bytes, taken as the file that maps the classes of one of EMNIST's sets to characters.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "data/named_idx_set.h"
#include "loaded_set.h"

namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

/// A folder with two images of one pixel, for the time of the process.
class SetFolder {
 public:
  SetFolder() {
    std::string name = (fs::temp_directory_path() / "nib-mapping-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
    write(folder_ / "emnist-x-train-images-idx3-ubyte", {"\0\0\x08\x03\0\0\0\2\0\0\0\1\0\0\0\1\x10\x20", 18});
    write(folder_ / "emnist-x-train-labels-idx1-ubyte", {"\0\0\x08\x01\0\0\0\2\0\1", 10});
  }
  ~SetFolder() { fs::remove_all(folder_); }
  const fs::path& path() const { return folder_; }

 private:
  fs::path folder_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SetFolder folder;
  write(folder.path() / "emnist-x-mapping.txt", {reinterpret_cast<const char*>(data), size});
  check_set([&] { return nib::read_named_idx_set(folder.path(), nib::DataParts::both); });
  return 0;
}
