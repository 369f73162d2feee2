#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// What the tests read of an Event message. Absent fields are zero or empty.
struct LoggedImage {
  std::uint64_t width = 0, height = 0, channels = 0;
  std::string png{};
};
struct LoggedEvent {
  double wall_time = 0;
  std::uint64_t step = 0;
  std::string file_version{}, tag{};
  std::optional<float> scalar{};
  std::optional<LoggedImage> image{};
};

struct EventFileContents {
  std::vector<LoggedEvent> events;
  std::size_t bytes_behind = 0;  ///< of a record that was cut short, behind the last whole one
};

/// Reads an event file by its description, with none of the writer's code. Throws std::runtime_error for a whole record
/// with a wrong checksum, and for a message that cannot be read.
EventFileContents read_events(std::string_view file);

/// The one event file in a folder, read. Throws when there is not just one.
EventFileContents read_events_in(const std::filesystem::path& folder);

}  // namespace nib
