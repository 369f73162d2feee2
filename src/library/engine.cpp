#include "library/engine.h"

#include <fmt/core.h>

#include <memory>
#include <string>

#include "base/error.h"
#include "base/own_place.h"
#include "base/text.h"
#include "engines/device_name.h"
#include "library/call.h"
#include "machine/cores.h"

namespace nib::library {
namespace {

constexpr std::uint32_t most_threads = 1024;

void check_abi(std::uint32_t abi) {
  if (abi == NIB_ABI) return;
  throw usage_error({.file = fmt::format("libnib {}", NIB_VERSION),
                     .problem = "the caller was compiled for another version of nib's interface",
                     .expected = fmt::format("NIB_ABI {}", NIB_ABI),
                     .got = std::to_string(abi),
                     .hint = "compile it with the nib.h of this library, or use the library of its nib.h"});
}

DeviceChoice checked_choice(const Call& call, const char* device, std::uint32_t threads) {
  const std::string name = call.text(device, "device");
  const auto known = parse_device_name(name);
  if (!known) {
    const auto meant = meant_device(name);
    call.refuse("device", "no such device", "auto, cpu, cuda or cuda:N", "\"" + printable(name) + "\"",
                meant ? "did you mean " + *meant + "?" : "");
  }
  if (threads > most_threads)
    call.refuse("threads", "too many", fmt::format("0 to {}", most_threads), std::to_string(threads));
  return {.device = to_text(*known), .threads = threads == 0 ? usable_cores() : threads};
}

}  // namespace
}  // namespace nib::library

using namespace nib::library;

uint32_t nib_abi(void) { return NIB_ABI; }

const char* nib_version(void) { return NIB_VERSION; }

nib_status nib_engine_new(uint32_t abi, const char* device, uint32_t threads, nib_engine** engine) {
  return guarded(__func__, [&](const Call& call) {
    check_abi(abi);
    call.needs(engine, "engine");
    nib::own_place();  // now, as the working directory may change, which the loader's name of it may be relative to
    auto made = std::make_unique<nib_engine>(nib_engine{checked_choice(call, device, threads)});
    *engine = made.release();
  });
}

void nib_engine_free(nib_engine* engine) { delete engine; }
