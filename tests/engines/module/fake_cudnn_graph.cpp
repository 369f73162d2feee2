// A stand-in for libcudnn_graph.so, which all of cuDNN rests on: its versions are those that the environment says.

#include <cstddef>
#include <cstdlib>

namespace {

std::size_t setting(const char* name, std::size_t otherwise) {
  const char* const text = std::getenv(name);
  return text ? std::strtoul(text, nullptr, 10) : otherwise;
}

}  // namespace

extern "C" {

std::size_t cudnnGetVersion() { return setting("FAKE_CUDNN", 91900); }
std::size_t cudnnGetCudartVersion() { return setting("FAKE_CUDNN_CUDA", 13000); }

}  // extern "C"
