#include "engines/device_name.h"

#include <algorithm>
#include <array>
#include <cctype>

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

std::optional<std::string> meant_device(const std::string& name) {
  std::string word = name;
  std::ranges::transform(word, word.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  for (const std::string_view gpu : {"gpu", "cuda", "nvidia"}) {
    if (!word.starts_with(gpu)) continue;
    std::string number = word.substr(gpu.size());
    if (number.find_first_of(":- ") == 0) number.erase(0, 1);
    const std::string meant = number.empty() ? "cuda" : "cuda:" + number;
    if (parse_device_name(meant)) return meant;
  }
  const std::array<std::string, 3> names{"auto", "cpu", "cuda"};
  return nearest(word, names);
}

}  // namespace nib
