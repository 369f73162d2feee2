#include "logs/event_reader.h"

#include <bit>
#include <stdexcept>

#include "base/temporary_folder.h"

namespace nib {
namespace {

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t byte = bytes.size(); byte-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[byte]);
  return value;
}

/// Bit by bit, from the definition.
std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t remainder = 0xFFFFFFFF;
  for (const char byte : bytes) {
    remainder ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ (0x82F63B78 & (0 - (remainder & 1)));
  }
  const std::uint32_t crc = remainder ^ 0xFFFFFFFF;
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
}

void check(std::string_view bytes, std::string_view expected) {
  if (checksum(bytes) != little_endian(expected)) throw std::runtime_error("wrong checksum");
}

/// A field of a message: a number, or the bytes of what has a length.
struct Field {
  std::uint64_t number = 0, value = 0;
  std::string_view bytes{};
};

std::string_view take(std::string_view& from, std::uint64_t count) {
  if (count > from.size()) throw std::runtime_error("message ends too early");
  const std::string_view taken = from.substr(0, count);
  from.remove_prefix(count);
  return taken;
}

std::uint64_t take_varint(std::string_view& from) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(take(from, 1).front());
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return value;
  }
}

std::vector<Field> fields_of(std::string_view message) {
  std::vector<Field> fields;
  while (!message.empty()) {
    const std::uint64_t key = take_varint(message);
    Field field{.number = key >> 3};
    switch (key & 7) {
      case 0:
        field.value = take_varint(message);
        break;
      case 1:
        field.value = little_endian(take(message, 8));
        break;
      case 2:
        field.bytes = take(message, take_varint(message));
        break;
      case 5:
        field.value = little_endian(take(message, 4));
        break;
      default:
        throw std::runtime_error("unknown wire type");
    }
    fields.push_back(field);
  }
  return fields;
}

LoggedImage image_of(std::string_view message) {
  LoggedImage image;
  for (const Field& field : fields_of(message)) {
    if (field.number == 1) image.height = field.value;
    if (field.number == 2) image.width = field.value;
    if (field.number == 3) image.channels = field.value;
    if (field.number == 4) image.png = field.bytes;
  }
  return image;
}

void read_summary(std::string_view summary, LoggedEvent& event) {
  for (const Field& value : fields_of(summary))
    for (const Field& field : fields_of(value.bytes)) {
      if (field.number == 1) event.tag = field.bytes;
      if (field.number == 2) event.scalar = std::bit_cast<float>(static_cast<std::uint32_t>(field.value));
      if (field.number == 4) event.image = image_of(field.bytes);
    }
}

LoggedEvent event_of(std::string_view message) {
  LoggedEvent event;
  for (const Field& field : fields_of(message)) {
    if (field.number == 1) event.wall_time = std::bit_cast<double>(field.value);
    if (field.number == 2) event.step = field.value;
    if (field.number == 3) event.file_version = field.bytes;
    if (field.number == 5) read_summary(field.bytes, event);
  }
  return event;
}

}  // namespace

EventFileContents read_events(std::string_view file) {
  constexpr std::size_t header = 12, footer = 4;
  EventFileContents contents;
  while (file.size() >= header) {
    check(file.substr(0, 8), file.substr(8, 4));
    const std::uint64_t length = little_endian(file.substr(0, 8));
    if (file.size() - header < length || file.size() - header - length < footer) break;
    const std::string_view data = file.substr(header, length);
    check(data, file.substr(header + length, footer));
    contents.events.push_back(event_of(data));
    file.remove_prefix(header + length + footer);
  }
  contents.bytes_behind = file.size();
  return contents;
}

EventFileContents read_events_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  if (files.size() != 1 || !files[0].filename().string().starts_with("events.out.tfevents."))
    throw std::runtime_error("not one event file in " + folder.string());
  return read_events(contents(files[0]));
}

}  // namespace nib
