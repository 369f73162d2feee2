// Any bytes, taken as a file of Keras: refused with one line, or finite weights of the shapes of its network. HDF5 goes
// through the limited child, which may die or hang: this process may not. How often it did is told at the end.
// What is no archive gets there for certain; most archives end before, where a mutation has broken their checksums.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "formats/keras/keras.h"
#include "nib/parameters.h"

namespace {

struct Counts {
  unsigned long long files = 0, archives = 0, read = 0, deaths = 0, time_outs = 0;

  ~Counts() {
    std::fprintf(stderr,
                 "keras: %llu files, %llu of them archives: %llu read, %llu deaths and %llu time-outs of the child\n",
                 files, archives, read, deaths, time_outs);
  }

  void add_refusal(const std::string& line) {
    if (line.find("the process that reads it failed: ") == std::string::npos) return;
    ++(line.find("took longer than") == std::string::npos ? deaths : time_outs);
  }
};

Counts counts;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> bytes(data, data + size);
  const nib::Network tiny{.input = {2, 2, 1}, .layers = {nib::Flatten{}, nib::Dense{2, nib::Activation::softmax}}};
  ++counts.files;
  if (std::string_view(reinterpret_cast<const char*>(data), size).starts_with("PK")) ++counts.archives;
  try {
    const nib::WeightsFile file = nib::read_keras(bytes, "input", {.network = tiny});
    if (!nib::all_finite(file.parameters)) std::abort();
    if (file.parameters.tensors.size() != nib::parameter_specs(file.network).size()) std::abort();
    ++counts.read;
  } catch (const nib::Error& error) {
    if (error.code() != nib::ExitCode::bad_input) std::abort();
    const std::string line = error.what();
    if (line.find('\n') != std::string::npos) std::abort();
    counts.add_refusal(line);
  }
  return 0;
}
