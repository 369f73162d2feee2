#include "logs/event_log.h"
#include "encodings/json.h"

#include <fmt/core.h>

#include <ctime>

namespace nib {
namespace {

/// "2026-11-22T17:31:05.042Z".
std::string utc_time(std::chrono::system_clock::time_point moment) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(moment);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(moment - whole).count();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(whole);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  return fmt::format("{}.{:03}Z", std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc)),
                     milliseconds);
}

double in_milliseconds(std::chrono::duration<double> time) {
  return static_cast<double>(std::chrono::round<std::chrono::milliseconds>(time).count()) / 1000;
}

}  // namespace

EventLog::EventLog(const std::filesystem::path& path, bool replace)
    : file_(LogFile::open(path, "event log", replace)), opened_(std::chrono::steady_clock::now()) {}

void EventLog::write(const std::string& event, const Json& fields) {
  Json line = {{"event", event},
               {"time", utc_time(std::chrono::system_clock::now())},
               {"seconds", in_milliseconds(std::chrono::steady_clock::now() - opened_)}};
  line.update(fields);
  file_.write(json_line(line) + '\n');
}

}  // namespace nib
