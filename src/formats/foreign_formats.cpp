#include "formats/foreign_formats.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace nib {
namespace {

bool is_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return std::isprint(code) || std::isspace(code);
  });
}

bool is_html(std::string_view bytes) {
  const std::size_t start = std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size());
  std::string word(bytes.substr(start, 5));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return word == "<html" || word == "<!doc";
}

}  // namespace

std::optional<ForeignFormat> recognise_foreign_format(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t enough = 4096;
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), enough));
  const ForeignFormat pickle{"a pickle (.pt, .pth), refused because it can run any code",
                             "save the weights from Python with safetensors.torch.save_file"};
  if (start.starts_with("PK\x03\x04")) {
    if (start.find("data.pkl") != std::string_view::npos) return pickle;
    return ForeignFormat{"a ZIP archive (.keras, .npz)", "save the weights as safetensors"};
  }
  if (start.size() > 1 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5) return pickle;
  if (start.starts_with("\x89HDF\r\n\x1a\n"))
    return ForeignFormat{"an HDF5 file (.h5)", "tools/convert_keras_weights.py converts Keras's .weights.h5"};
  if (start.starts_with("\x1f\x8b")) return ForeignFormat{"a gzip file", "unpack it first"};
  if (is_html(start)) return ForeignFormat{"an HTML page", "download the file itself"};
  if (is_text(start)) return ForeignFormat{"a text file", ""};
  return std::nullopt;
}

}  // namespace nib
