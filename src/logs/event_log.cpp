#include "logs/event_log.h"

#include <fmt/core.h>

#include <ctime>
#include <fstream>

#include "base/error.h"
#include "encodings/json.h"

namespace nib {
namespace {

const char* const log_setting = "event log";

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

/// A position comes with a run that may be anyone's: nothing but a log is ever cut.
const LogPosition& of_an_event_log(const LogPosition& position) {
  const std::string expected = R"({"event":"start")";
  std::string begin(expected.size(), ' ');
  std::ifstream(position.path, std::ios::binary).read(begin.data(), static_cast<std::streamsize>(begin.size()));
  if (begin != expected || position.bytes <= expected.size())
    throw usage_error({.setting = log_setting, .file = position.path, .problem = "is no event log"});
  return position;
}

}  // namespace

EventLog::EventLog(const std::filesystem::path& path, bool replace)
    : file_(LogFile::open(path, log_setting, replace)), opened_(std::chrono::steady_clock::now()) {}

EventLog::EventLog(const LogPosition& position, double seconds)
    : file_(LogFile::go_on(of_an_event_log(position), log_setting)),
      opened_(std::chrono::steady_clock::now() -
              std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds))) {
}

double EventLog::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - opened_).count();
}

void EventLog::write(const std::string& event, const Json& fields) {
  Json line = {{"event", event},
               {"time", utc_time(std::chrono::system_clock::now())},
               {"seconds", in_milliseconds(std::chrono::steady_clock::now() - opened_)}};
  line.update(fields);
  file_.write(json_line(line) + '\n');
}

}  // namespace nib
