#include "logs/summary_events.h"

#include <string_view>

#include "logs/png_header.h"

namespace nib {
namespace {

/// The numbers that event.proto and summary.proto give the fields.
namespace event {
constexpr unsigned wall_time = 1, step = 2, file_version = 3, summary = 5;
}
namespace summary {
constexpr unsigned value = 1;
}
namespace value {
constexpr unsigned tag = 1, simple_value = 2, image = 4;
}
namespace image {
constexpr unsigned height = 1, width = 2, colorspace = 3, encoded_image_string = 4;
}

ProtobufMessage summary_event(double wall_time, std::uint64_t step, const ProtobufMessage& tagged_value) {
  return ProtobufMessage()
      .float64(event::wall_time, wall_time)
      .integer(event::step, step)
      .message(event::summary, ProtobufMessage().message(summary::value, tagged_value));
}

}  // namespace

ProtobufMessage version_event(double wall_time) {
  return ProtobufMessage().float64(event::wall_time, wall_time).bytes(event::file_version, "brain.Event:2");
}

ProtobufMessage scalar_event(double wall_time, std::uint64_t step, const std::string& tag, float value) {
  return summary_event(wall_time, step, ProtobufMessage().bytes(value::tag, tag).float32(value::simple_value, value));
}

ProtobufMessage image_event(double wall_time, std::uint64_t step, const std::string& tag,
                            std::span<const std::uint8_t> png) {
  const PngHeader header = png_header(png);
  const ProtobufMessage image =
      ProtobufMessage()
          .integer(image::height, header.height)
          .integer(image::width, header.width)
          .integer(image::colorspace, header.channels)
          .bytes(image::encoded_image_string, {reinterpret_cast<const char*>(png.data()), png.size()});
  return summary_event(wall_time, step, ProtobufMessage().bytes(value::tag, tag).message(value::image, image));
}

}  // namespace nib
