#include "commands/small_set.h"

#include <algorithm>
#include <utility>

#include "support/synthetic.h"

namespace nib {
namespace {

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

std::string text_of(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

/// Blank images would make the program warn: one corner of each image is inked.
Dataset without_blanks(Dataset dataset) {
  for (std::size_t begin = 0; begin < dataset.pixels.size(); begin += std::size_t{dataset.rows} * dataset.columns)
    dataset.pixels[begin] = 200;
  return dataset;
}

void write_part(const std::filesystem::path& folder, const std::string& part, const Dataset& dataset) {
  constexpr std::uint32_t images_magic = 0x803, labels_magic = 0x801;
  const auto count = static_cast<std::uint32_t>(dataset.size());
  make_file(folder / (part + "-images-idx3-ubyte"), big_endian(images_magic) + big_endian(count) +
                                                        big_endian(dataset.rows) + big_endian(dataset.columns) +
                                                        text_of(dataset.pixels));
  make_file(folder / (part + "-labels-idx1-ubyte"),
            big_endian(labels_magic) + big_endian(count) + text_of(dataset.labels));
}

}  // namespace

SmallSetFolder::SmallSetFolder() { write_set(*this / "set", 28, 28, small_training_images, small_test_images); }

void write_set(const std::filesystem::path& folder, std::uint32_t rows, std::uint32_t columns, std::uint32_t training,
               std::uint32_t test, std::uint32_t classes) {
  std::filesystem::create_directory(folder);
  write_part(folder, "train", without_blanks(synthetic::digits(rows, columns, classes, training)));
  write_part(folder, "t10k", without_blanks(synthetic::digits(rows, columns, classes, test)));
}

std::vector<std::string> small_training(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = drawn_training(more);
  arguments.emplace_back("--no-pictures");
  return arguments;
}

std::vector<std::string> drawn_training(const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"train", "--data", "set", "--device", "cpu"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  for (const auto& [option, value] :
       {std::pair{"--epochs", "2"}, std::pair{"--batch", "32"}, std::pair{"--threads", "1"}})
    if (std::find(more.begin(), more.end(), option) == more.end()) arguments.insert(arguments.end(), {option, value});
  return arguments;
}

std::string value_of(const std::string& text, const std::string& label) {
  const std::size_t begin = text.find(label);
  if (begin == std::string::npos) return {};
  const std::size_t value = begin + label.size();
  return text.substr(value, text.find('\n', value) - value);
}

}  // namespace nib
