#include "machine/cores.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

unsigned cores_of_affinity() {
  // The kernel refuses a mask that is too small for the machine: grow until it fits.
  for (std::size_t bits = 1024; bits <= 1'048'576; bits *= 2) {
    std::vector<cpu_set_t> mask(bits / CPU_SETSIZE);
    const std::size_t bytes = mask.size() * sizeof(cpu_set_t);
    if (sched_getaffinity(0, bytes, mask.data()) == 0) return static_cast<unsigned>(CPU_COUNT_S(bytes, mask.data()));
  }
  return std::thread::hardware_concurrency();
}

/// The words of a one-line file; none when it cannot be read.
std::vector<std::string> words_of(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> words;
  for (std::string word; file >> word;) words.push_back(word);
  return words;
}

std::optional<double> quotient(const std::string& quota, const std::string& period) {
  const std::optional<std::uint64_t> numerator = parse_unsigned(quota), denominator = parse_unsigned(period);
  if (!numerator || !denominator || *numerator == 0 || *denominator == 0) return std::nullopt;
  return static_cast<double>(*numerator) / static_cast<double>(*denominator);
}

/// Version 2 writes "quota period" into cpu.max ("max" for none), version 1 a file for each (quota -1 for none).
std::optional<double> quota_of_group(const fs::path& folder) {
  if (const std::vector<std::string> both = words_of(folder / "cpu.max"); both.size() == 2)
    return quotient(both[0], both[1]);
  const std::vector<std::string> quota = words_of(folder / "cpu.cfs_quota_us");
  const std::vector<std::string> period = words_of(folder / "cpu.cfs_period_us");
  return quota.size() == 1 && period.size() == 1 ? quotient(quota[0], period[0]) : std::nullopt;
}

bool controls_cpu(const std::string& controllers) {
  return controllers.empty() || ("," + controllers + ",").find(",cpu,") != std::string::npos;
}

}  // namespace

std::optional<double> quota_cores(const fs::path& membership, const fs::path& mount) {
  double tightest = std::numeric_limits<double>::infinity();
  std::ifstream file(membership);
  for (std::string line; std::getline(file, line);) {  // "ID:CONTROLLERS:/GROUP"; version 2 has no controllers
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (!controls_cpu(controllers)) continue;
    fs::path group = fs::path(line.substr(second + 1)).relative_path();
    for (const fs::path& root : {mount / controllers, mount / "cpu"}) {
      for (fs::path part = group;; part = part.parent_path()) {
        tightest = std::min(tightest, quota_of_group(root / part).value_or(tightest));
        if (part.empty()) break;
      }
      if (controllers.empty()) break;
    }
  }
  return std::isinf(tightest) ? std::nullopt : std::optional(tightest);
}

unsigned usable_cores() {
  const unsigned cores = cores_of_affinity();
  const std::optional<double> quota = quota_cores("/proc/self/cgroup", "/sys/fs/cgroup");
  const double limit = quota ? std::ceil(*quota) : cores;
  return std::clamp(static_cast<unsigned>(std::min<double>(limit, cores)), 1u, 1024u);
}

}  // namespace nib
