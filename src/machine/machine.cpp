#include "machine/machine.h"

#include <fmt/core.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <span>
#include <sstream>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/stream.h"
#include "base/text.h"
#include "encodings/json.h"
#include "machine/cores.h"

namespace nib {
namespace {

std::string compiler() {
#ifdef __clang__
  return "Clang " __clang_version__;
#else
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

utsname system_names() {
  utsname names{};
  uname(&names);
  return names;
}

/// What stands behind "KEY :" in a file of such lines; empty when nothing does.
std::string value_of(const char* file_name, std::string_view key) {
  std::istringstream file(system_text(file_name));
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t value = line.find_first_not_of(" \t:", key.size());
    return value == std::string::npos ? std::string() : line.substr(value);
  }
  return {};
}

}  // namespace

std::string program_versions() { return fmt::format("nib {}, {}, {}", NIB_VERSION, compiler(), NIB_MAIN_LIBRARY); }

Json program_json() {
  Json libraries = Json::object();
  std::istringstream words(NIB_LIBRARIES);  // "fmt=9.1.0 ..."
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    libraries[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return {{"version", NIB_VERSION}, {"compiler", compiler()}, {"libraries", libraries}};
}

std::string program_sha256() {
  constexpr std::uint64_t largest = std::uint64_t{1} << 30;
  try {
    Sha256Stream stream;
    read_in_pieces("/proc/self/exe", largest, [&](std::span<const std::uint8_t> piece) { stream.update(piece); });
    return to_hex(stream.finish());
  } catch (const Error&) {
    return {};
  }
}

std::string processor_name() {
  const std::string name = value_of("/proc/cpuinfo", "model name");
  return name.empty() ? system_names().machine : printable(name);
}

Json machine_json() {
  const utsname names = system_names();
  return {{"processor", processor_name()},
          {"usable_cores", usable_cores()},
          {"system", fmt::format("{} {} {}", names.sysname, names.release, names.machine)}};
}

std::uint64_t peak_memory_bytes() {
  const std::string kibibytes = value_of("/proc/self/status", "VmHWM");  // "12345 kB"
  return parse_unsigned(kibibytes.substr(0, kibibytes.find(' '))).value_or(0) * 1024;
}

double process_age() {
  const std::string text = system_text("/proc/self/stat");
  const std::size_t name_end = text.rfind(')');  // the program's name may hold spaces and brackets
  std::istringstream fields(name_end == std::string::npos ? std::string() : text.substr(name_end + 1));
  constexpr int start_time = 22, first_behind_name = 3;
  std::string field;
  for (int number = first_behind_name; number <= start_time; ++number) fields >> field;
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const double started =
      static_cast<double>(parse_unsigned(field).value_or(0)) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9 - started;
}

std::string utc_time_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

}  // namespace nib
