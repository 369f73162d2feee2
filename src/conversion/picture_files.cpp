#include "conversion/picture_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "base/signals.h"
#include "base/threads.h"
#include "drawing/png_file.h"

namespace nib {

std::uint64_t write_pictures(const Dataset& images, const std::filesystem::path& part, NewFolder& folder) {
  folder.make_folder(part);
  for (const std::uint8_t label : std::set(images.labels.begin(), images.labels.end()))
    folder.make_folder(part / std::to_string(label));
  const std::size_t pixels = std::size_t{images.rows} * images.columns;
  std::atomic<std::size_t> next = 0;
  std::atomic<std::uint64_t> written = 0;
  run_side_by_side(std::clamp(std::thread::hardware_concurrency(), 1u, 16u), [&](std::size_t) {
    try {
      for (std::size_t i; requested_stop() == 0 && (i = next++) < images.size();) {
        const std::vector<std::uint8_t> png =
            encode_png({images.image(i), pixels}, images.rows, images.columns, PixelFormat::grey);
        folder.write(part / std::to_string(images.labels[i]) / fmt::format("{:05}.png", i), {png});
        written += png.size();
      }
    } catch (...) {
      next = images.size();
      throw;
    }
  });
  return written;
}

}  // namespace nib
