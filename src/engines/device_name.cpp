#include "engines/device_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/text.h"

namespace nib {

std::optional<DeviceName> parse_device_name(const std::string& name) {
  constexpr std::uint64_t most = 1023;
  std::optional<DeviceName> device(std::in_place);
  if (name == "auto") return device;
  device->kind = name == "cpu" ? DeviceName::Kind::cpu : DeviceName::Kind::cuda;
  if (name == "cpu") return device;
  const std::size_t colon = name.find(':');
  const std::string word = name.substr(0, colon);
  if (word != "cuda" && word != "gpu") return std::nullopt;
  if (colon == std::string::npos) return device;
  const std::optional<std::uint64_t> number = parse_unsigned(name.substr(colon + 1));
  if (!number || *number > most) return std::nullopt;
  device->number = static_cast<unsigned>(*number);
  return device;
}

std::string to_text(const DeviceName& name) {
  if (name.kind == DeviceName::Kind::automatic) return "auto";
  if (name.kind == DeviceName::Kind::cpu) return "cpu";
  return name.number ? "cuda:" + std::to_string(*name.number) : "cuda";
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
