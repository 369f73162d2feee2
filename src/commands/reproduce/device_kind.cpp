#include "commands/reproduce/device_kind.h"

#include <fmt/core.h>

#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "engines/device_name.h"
#include "engines/module/driver.h"

namespace nib {
namespace {

/// The parts of an engine's description: the device's name without its number, what lies between, the precision.
struct Description {
  explicit Description(std::string_view engine) {
    const std::size_t first = engine.find(", "), last = engine.rfind(", ");
    name = engine.substr(0, first);
    if (first == std::string_view::npos) return;
    precision = engine.substr(last + 2);
    if (last > first) libraries = engine.substr(first + 2, last - first - 2);
    is_gpu = name.starts_with("cuda");
    if (const std::size_t space = name.find(' '); is_gpu && space != std::string_view::npos)
      name.remove_prefix(space + 1);
  }
  std::string_view name{}, libraries{}, precision{};
  bool is_gpu = false;
};

Error other_kind(const std::string& recorded, const std::string& got) {
  return device_error({.problem = "the run was made on another kind of device, which need not give the same bits",
                       .expected = printable(recorded, 200),
                       .got = got});
}

}  // namespace

void check_device_choice(const std::string& recorded, const std::string& device) {
  const std::optional<DeviceName> name = parse_device_name(device);
  const bool on_gpu = Description(recorded).is_gpu;
  if (name && name->kind == (on_gpu ? DeviceName::Kind::cpu : DeviceName::Kind::cuda))
    throw other_kind(recorded, to_text(*name));
  if (on_gpu && !cuda::driver_is_installed()) throw other_kind(recorded, "no NVIDIA driver");
}

std::string check_device(const std::string& recorded, const std::string& now) {
  const Description then(recorded), here(now);
  if (then.is_gpu != here.is_gpu || (then.is_gpu && (then.name != here.name || then.precision != here.precision)))
    throw other_kind(recorded, now);
  if (!then.is_gpu || then.libraries == here.libraries) return {};
  return fmt::format("the run was made with {}, now computes {}: the bits may be others",
                     printable(then.libraries, 200), printable(here.libraries, 200));
}

}  // namespace nib
