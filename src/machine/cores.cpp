#include "machine/cores.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// Empty where the system does not tell.
std::vector<cpu_set_t> affinity() {
  // The kernel refuses a mask that is too small for the machine: grow until it fits.
  for (std::size_t bits = 1024; bits <= 1'048'576; bits *= 2) {
    std::vector<cpu_set_t> mask(bits / CPU_SETSIZE);
    if (sched_getaffinity(0, mask.size() * sizeof(cpu_set_t), mask.data()) == 0) return mask;
  }
  return {};
}

unsigned cores_of_affinity() {
  const std::vector<cpu_set_t> mask = affinity();
  if (mask.empty()) return std::thread::hardware_concurrency();
  return static_cast<unsigned>(CPU_COUNT_S(mask.size() * sizeof(cpu_set_t), mask.data()));
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

}  // namespace

std::optional<double> quota_cores(const ControlGroups& groups) {
  std::optional<double> tightest;
  for (const fs::path& folder : groups.folders("cpu"))
    if (const std::optional<double> quota = quota_of_group(folder))
      tightest = std::min(*quota, tightest.value_or(*quota));
  return tightest;
}

std::string core_list() {
  const std::vector<cpu_set_t> mask = affinity();
  std::string list;
  for (std::size_t core = 0; core < mask.size() * CPU_SETSIZE; ++core)
    if (CPU_ISSET_S(core, mask.size() * sizeof(cpu_set_t), mask.data()))
      list += (list.empty() ? "" : " ") + std::to_string(core);
  return list;
}

unsigned usable_cores() {
  const unsigned cores = cores_of_affinity();
  const std::optional<double> quota = quota_cores(ControlGroups());
  const double limit = quota ? std::ceil(*quota) : cores;
  return std::clamp(static_cast<unsigned>(std::min<double>(limit, cores)), 1u, 1024u);
}

}  // namespace nib
