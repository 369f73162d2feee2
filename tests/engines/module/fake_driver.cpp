// A stand-in for NVIDIA's driver, libcuda.so.1. The environment variable FAKE_DRIVER says how it behaves: words such as
// "version=12040 devices=2 capability0=60". What is not named there is as on a machine with one GPU where everything
// works; capability, mode and context may be said of one device alone. The file that FAKE_DRIVER_LOG names gets a line
// for each context that is retained ("+0") or released ("-0"). No context is made before the file FAKE_DRIVER_GATE is
// there, where that is set.

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace {

int setting(const std::string& name, int otherwise) {
  const char* const text = std::getenv("FAKE_DRIVER");
  const std::string words = std::string(" ") + (text ? text : "");
  const std::size_t at = words.find(" " + name + "=");
  return at == std::string::npos ? otherwise : std::atoi(words.c_str() + at + name.size() + 2);
}

int setting_of(int device, const std::string& name, int otherwise) {
  return setting(name + std::to_string(device - 40), setting(name, otherwise));
}

void log(char change, int device) {
  if (const char* const path = std::getenv("FAKE_DRIVER_LOG"))
    std::ofstream(path, std::ios::app) << change << device - 40 << '\n';
}

/// False where the gate does not open.
bool passes_gate() {
  using namespace std::chrono_literals;
  const char* const gate = std::getenv("FAKE_DRIVER_GATE");
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (gate && !std::filesystem::exists(gate)) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

}  // namespace

extern "C" {

int cuDriverGetVersion(int* version) {
  *version = setting("version", 13010);
  return 0;
}

int cuInit(unsigned) { return setting("init", 0); }

int cuGetErrorString(int status, const char** text) {
  *text = status == 700 ? "an illegal memory access was encountered" : nullptr;
  return 0;
}

int cuDeviceGetCount(int* count) {
  *count = setting("devices", 1);
  return 0;
}

int cuDeviceGet(int* device, int index) {
  *device = 40 + index;  // a handle is no index
  return 0;
}

int cuDeviceGetName(char* name, int length, int device) {
  std::snprintf(name, static_cast<std::size_t>(length), "Fake GPU %d", device - 40);
  return 0;
}

int cuDeviceGetAttribute(int* value, int attribute, int device) {
  if (device < 40) return 101;
  const int capability = setting_of(device, "capability", 90);
  switch (attribute) {
    case 20:
      *value = setting_of(device, "mode", 0);
      return 0;
    case 75:
      *value = capability / 10;
      return 0;
    case 76:
      *value = capability % 10;
      return 0;
    default:
      return 1;
  }
}

int cuDeviceTotalMem_v2(std::size_t* bytes, int) {
  *bytes = std::size_t{16} << 30;
  return 0;
}

int cuDevicePrimaryCtxRetain(void** context, int device) {
  static int made = 0;
  *context = &made;
  const int status = device < 40 || !passes_gate() ? 101 : setting_of(device, "context", 0);
  if (status == 0) log('+', device);
  return status;
}

int cuDevicePrimaryCtxRelease_v2(int device) {
  log('-', device);
  return device < 40 ? 101 : 0;
}

}  // extern "C"
