// A stand-in for cuDNN's libcudnn.so: like it, it does nothing itself, loads the parts that do when it is called, and
// ends the process where one is missing. It knows no folder: the parts have to be loaded before.

#include <dlfcn.h>

#include <cstddef>
#include <cstdlib>

namespace {

std::size_t call(const char* function) {
  void* const graph = dlopen(FAKE_CUDNN_GRAPH, RTLD_NOW | RTLD_LOCAL);
  if (!graph) std::abort();
  return reinterpret_cast<std::size_t (*)()>(dlsym(graph, function))();
}

}  // namespace

extern "C" {

std::size_t cudnnGetVersion() { return call("cudnnGetVersion"); }
std::size_t cudnnGetCudartVersion() { return call("cudnnGetCudartVersion"); }

}  // extern "C"
