#include "logs/event_file.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "logs/summary_events.h"
#include "logs/tf_record.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_begin = "events.out.tfevents.";

/// The name of this machine, fit for a file's name.
std::string host_name() {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  std::string host = *name == '\0' ? "localhost" : name;
  std::ranges::replace(host, '/', '_');
  return host;
}

std::string file_name(unsigned number, std::uint64_t last) {
  const std::uint64_t second = std::max(static_cast<std::uint64_t>(wall_time_now()), last + 1);
  return fmt::format("{}{:010}.{}.{}.{}.v2", name_begin, second, host_name(), getpid(), number);
}

}  // namespace

EventFile::EventFile(const fs::path& folder, unsigned number, std::uint64_t last)
    : folder_(folder), file_(LogFile::create(folder / file_name(number, last), tensorboard_setting)) {}

void EventFile::write(const ProtobufMessage& event) {
  if (file_.is_empty()) file_.write(tf_record(version_event(wall_time_now()).encoded()));
  file_.write(tf_record(event.encoded()));
}

double wall_time_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::optional<std::uint64_t> second_of_event_file(const std::string& name) {
  if (!name.starts_with(name_begin)) return std::nullopt;
  return parse_unsigned(name.substr(name_begin.size(), name.find('.', name_begin.size()) - name_begin.size()));
}

bool has_event_files(const fs::path& folder) {
  std::error_code ignored;
  return std::ranges::any_of(fs::directory_iterator(folder, ignored), [](const fs::directory_entry& entry) {
    return entry.path().filename().string().starts_with(name_begin);
  });
}

}  // namespace nib
