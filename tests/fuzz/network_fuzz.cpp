// Any bytes, taken as a network file: refused with an Error, or a network whose shapes and parameters can be had and
// which comes back from its own text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "model/network_json.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::optional<nib::Network> network;
  try {
    network = nib::parse_network({reinterpret_cast<const char*>(data), size}, "input");
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
    return 0;
  }
  check(nib::output_shapes(*network).size() == network->layers.size());
  check(nib::output_shapes(*network).back().channels == nib::class_count(*network));
  check(nib::parameter_count(*network) <= std::uint64_t{1} << 28);
  check(nib::keras_layer_names(*network).size() == network->layers.size());
  check(nib::parse_network(nib::network_json(*network), "again") == *network);
  return 0;
}
