// A program that loads the library by itself, as an interpreter does, and knows it by its functions' names alone:
//   library_host LIBRARY classify DEVICE WEIGHTS     prints what computes
//   library_host LIBRARY train NETWORK FILE          on 200 images of MNIST, wherever that is; prints the hash
// With a relative LIBRARY it is loaded from there, and then the working directory changes.

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "nib/nib.h"

namespace {

void* library = nullptr;

template <typename Function>
Function* function(const char* name) {
  void* const found = dlsym(library, name);
  if (found == nullptr) std::exit(125);
  return reinterpret_cast<Function*>(found);
}

void check(nib_status status) {
  if (status == NIB_OK) return;
  std::printf("%s\n%s\n", function<decltype(nib_last_error)>("nib_last_error")(),
              function<decltype(nib_last_hint)>("nib_last_hint")());
  std::exit(status);
}

void classify(const char* device, const char* weights) {
  nib_engine* engine = nullptr;
  nib_classifier* classifier = nullptr;
  check(function<decltype(nib_engine_new)>("nib_engine_new")(NIB_ABI, device, 1, &engine));
  if (chdir("/") != 0) std::exit(125);
  check(function<decltype(nib_classifier_new)>("nib_classifier_new")(engine, weights, &classifier));
  std::puts(function<decltype(nib_classifier_device)>("nib_classifier_device")(classifier));
  function<decltype(nib_classifier_free)>("nib_classifier_free")(classifier);
  function<decltype(nib_engine_free)>("nib_engine_free")(engine);
}

void train(const char* network, const char* file) {
  nib_engine* engine = nullptr;
  nib_training* training = nullptr;
  check(function<decltype(nib_engine_new)>("nib_engine_new")(NIB_ABI, "cpu", 1, &engine));
  if (chdir("/") != 0) std::exit(125);
  check(function<decltype(nib_training_new)>("nib_training_new")(engine, &training));
  check(function<decltype(nib_training_set_network)>("nib_training_set_network")(training, network));
  check(function<decltype(nib_training_set_limit)>("nib_training_set_limit")(training, 200));
  check(function<decltype(nib_training_set_epochs)>("nib_training_set_epochs")(training, 1));
  check(function<decltype(nib_training_run)>("nib_training_run")(training, file));
  std::puts(function<decltype(nib_training_weights_sha256)>("nib_training_weights_sha256")(training));
  function<decltype(nib_training_free)>("nib_training_free")(training);
  function<decltype(nib_engine_free)>("nib_engine_free")(engine);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::puts(dlerror());
    return 125;
  }
  (std::string(argv[2]) == "train" ? train : classify)(argv[3], argv[4]);
  return dlclose(library);
}
