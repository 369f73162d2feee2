#include "formats/foreign_formats.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "encodings/file_kind.h"
#include "images/decoding/format.h"

namespace nib {
namespace {

using namespace std::string_view_literals;

/// A format that is told by fixed bytes at a fixed place.
struct Magic {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
  std::string_view hint;
};

constexpr auto save_from_python = "save the weights from Python as safetensors, with safetensors.numpy.save_file"sv;
constexpr auto other_networks = "it is of a program for other networks: nib reads safetensors"sv;
constexpr std::array magics = {
    Magic{0, "GGUF"sv, "a GGUF file"sv, other_networks},
    Magic{0, "lmgg"sv, "a GGML file"sv, other_networks},
    Magic{0, "tjgg"sv, "a GGML file"sv, other_networks},
    Magic{4, "TFL3"sv, "a TensorFlow Lite model (.tflite)"sv, save_from_python},
    Magic{0, "MATLAB "sv, "a MATLAB file (.mat)"sv, save_from_python},
};

/// How to get at weights in a file that is of no format for weights.
std::string hint_for(FileKind kind) {
  if (is_packed(kind)) return "unpack it first";
  switch (kind) {
    case FileKind::numpy:
      return "numpy.savez makes an archive of all arrays, with their names";
    case FileKind::idx:
      return setting("data") + " DIR takes the folder of such a set";
    case FileKind::git_lfs_pointer:
      return "fetch the file itself with git lfs pull";
    case FileKind::html:
    case FileKind::xml:
      return "download the file itself";
    case FileKind::json:
      return "a run's weights are in its model.safetensors; " + setting("network") + " takes networks";
    default:
      return "";
  }
}

const ForeignFormat& pickle() {
  static const ForeignFormat format{
      "a pickle (.pt, .pth, .ckpt), refused because it can run any code",
      "in Python, where it comes from: import torch, safetensors.torch; "
      "safetensors.torch.save_file(torch.load(\"FILE\", weights_only=True), \"FILE.safetensors\")"};
  return format;
}

/// By the names of its entries that stand in the first bytes.
ForeignFormat zip_kind(std::string_view start) {
  const auto holds = [&](std::string_view name) { return start.find(name) != std::string_view::npos; };
  if (holds("data.pkl")) return pickle();
  if (holds(".npy")) return {"a NumPy archive (.npz)", "nib convert makes a safetensors file of it"};
  return {std::string(name_of(FileKind::zip)), hint_for(FileKind::zip)};
}

}  // namespace

std::optional<ForeignFormat> recognise_foreign_format(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t enough = 4096;
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), enough));
  if (start.starts_with("PK\x03\x04")) return zip_kind(start);
  if (start.size() > 1 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5) return pickle();
  const auto* const found = std::ranges::find_if(magics, [&](const Magic& magic) {
    return start.size() >= magic.offset && start.substr(magic.offset).starts_with(magic.bytes);
  });
  if (found != magics.end()) return ForeignFormat{std::string(found->name), std::string(found->hint)};
  if (const std::string picture = picture_name(bytes); !picture.empty())
    return ForeignFormat{picture, "the weights come before the images: nib predict WEIGHTS IMAGE"};
  const FileKind kind = file_kind(bytes);
  if (kind == FileKind::unknown) return std::nullopt;
  return ForeignFormat{std::string(name_of(kind)), hint_for(kind)};
}

}  // namespace nib
