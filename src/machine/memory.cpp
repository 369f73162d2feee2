#include "machine/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using Bytes = std::optional<std::uint64_t>;

Bytes least(const Bytes& one, const Bytes& other) { return one && other ? std::min(one, other) : one ? one : other; }

std::uint64_t left(std::uint64_t limit, std::uint64_t used) { return limit > used ? limit - used : 0; }

/// The number behind a word of a file: "MemAvailable: 123 kB", "inactive_file 123".
Bytes number_behind(const std::vector<std::string>& words, const std::string& name) {
  const auto found = std::ranges::find(words, name);
  return found == words.end() || found + 1 == words.end() ? std::nullopt : parse_unsigned(*(found + 1));
}

Bytes first_number(const fs::path& path) {
  const std::vector<std::string> words = words_of(path);
  return words.empty() ? std::nullopt : parse_unsigned(words.front());
}

/// Version 2 calls its files so and writes "max" for no limit; version 1 has other names and a number beyond any
/// memory.
Bytes free_of_group(const fs::path& folder) {
  for (const auto& [limit_file, used_file] :
       {std::pair{"memory.max", "memory.current"}, {"memory.limit_in_bytes", "memory.usage_in_bytes"}}) {
    const Bytes limit = first_number(folder / limit_file), used = first_number(folder / used_file);
    if (!limit || !used) continue;
    const std::vector<std::string> kinds = words_of(folder / "memory.stat");
    const std::uint64_t files =
        number_behind(kinds, "inactive_file").value_or(0) + number_behind(kinds, "active_file").value_or(0);
    return left(*limit, left(*used, files));
  }
  return std::nullopt;
}

/// RLIMIT_AS, which `ulimit -v` sets.
Bytes free_addresses() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  const std::uint64_t pages = first_number("/proc/self/statm").value_or(0);
  return left(limit.rlim_cur, pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
}

}  // namespace

Bytes free_memory_of_machine(const fs::path& memory) {
  const std::vector<std::string> words = words_of(memory);
  const Bytes available = number_behind(words, "MemAvailable:");
  if (!available) return std::nullopt;
  return 1024 * (*available + number_behind(words, "SwapFree:").value_or(0));
}

Bytes free_memory_of_groups(const ControlGroups& groups) {
  Bytes free;
  for (const fs::path& folder : groups.folders("memory")) free = least(free, free_of_group(folder));
  return free;
}

Bytes free_memory() {
  return least(least(free_memory_of_machine("/proc/meminfo"), free_memory_of_groups({})), free_addresses());
}

}  // namespace nib
