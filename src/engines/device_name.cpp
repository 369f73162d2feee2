#include "engines/device_name.h"

#include "base/text.h"

namespace nib {

std::optional<DeviceName> parse_device_name(const std::string& name) {
  constexpr std::uint64_t most = 1023;
  constexpr std::string_view numbered = "cuda:";
  using Kind = DeviceName::Kind;
  if (name == "auto") return DeviceName{.kind = Kind::automatic};
  if (name == "cpu") return DeviceName{.kind = Kind::cpu};
  if (name == "cuda") return DeviceName{.kind = Kind::cuda};
  if (!name.starts_with(numbered)) return std::nullopt;
  const std::optional<std::uint64_t> number = parse_unsigned(name.substr(numbered.size()));
  if (!number || *number > most) return std::nullopt;
  return DeviceName{.kind = Kind::cuda, .number = static_cast<unsigned>(*number)};
}

}  // namespace nib
