#include "commands/kept_sets.h"

#include <string>
#include <vector>

#include "base/temporary_folder.h"
#include "drawing/png_file.h"
#include "encodings/npy.h"
#include "encodings/zip.h"

namespace nib {
namespace {

std::vector<std::uint8_t> array_of(const std::vector<std::uint8_t>& values, std::vector<std::uint32_t> shape) {
  return npy_bytes({.kind = 'u', .item_bytes = 1, .shape = std::move(shape), .bytes = values});
}

std::string text_of(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

std::uint32_t count_of(const Dataset& dataset) { return static_cast<std::uint32_t>(dataset.size()); }

}  // namespace

void write_table(const std::filesystem::path& path, const Dataset& dataset, bool labels) {
  const std::size_t pixels = std::size_t{dataset.rows} * dataset.columns;
  std::string text = labels ? "label" : "";
  for (std::size_t pixel = 0; pixel < pixels; ++pixel)
    text += (text.empty() ? "pixel" : ",pixel") + std::to_string(pixel);
  for (std::size_t image = 0; image < dataset.size(); ++image) {
    text += '\n';
    if (labels) text += std::to_string(dataset.labels[image]) + ',';
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
      text += (pixel > 0 ? "," : "") + std::to_string(dataset.image(image)[pixel]);
  }
  make_file(path, text + '\n');
}

void write_numpy_archive(const std::filesystem::path& path, const Dataset& training, const Dataset& test) {
  const std::vector<std::vector<std::uint8_t>> arrays = {
      array_of(training.pixels, {count_of(training), training.rows, training.columns}),
      array_of(training.labels, {count_of(training)}), array_of(test.pixels, {count_of(test), test.rows, test.columns}),
      array_of(test.labels, {count_of(test)})};
  const std::vector<ZipContent> files = {
      {"x_train.npy", arrays[0]}, {"y_train.npy", arrays[1]}, {"x_test.npy", arrays[2]}, {"y_test.npy", arrays[3]}};
  make_file(path, text_of(zip_bytes(files, path.string())));
}

void write_pictures(const std::filesystem::path& folder, const Dataset& dataset) {
  for (std::size_t image = 0; image < dataset.size(); ++image) {
    std::vector<std::uint8_t> colours;
    for (std::size_t pixel = 0; pixel < std::size_t{dataset.rows} * dataset.columns; ++pixel)
      colours.insert(colours.end(), 3, dataset.image(image)[pixel]);
    const std::filesystem::path place = folder / std::to_string(dataset.labels[image]);
    std::filesystem::create_directories(place);
    make_file(place / (std::to_string(image) + ".png"),
              text_of(encode_png(colours, dataset.rows, dataset.columns, PixelFormat::rgb)));
  }
}

}  // namespace nib
