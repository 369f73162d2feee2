#include "images/decoding/heif_library.h"

#include <dlfcn.h>

#include <optional>

namespace nib {
namespace {

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

std::optional<HeifLibrary> load() {
  void* const library = dlopen("libheif.so.1", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) return std::nullopt;
  HeifLibrary heif;
  const bool whole =
      find(library, "heif_init", heif.init) && find(library, "heif_get_version", heif.version) &&
      find(library, "heif_have_decoder_for_format", heif.have_decoder) &&
      find(library, "heif_context_alloc", heif.new_context) && find(library, "heif_context_free", heif.free_context) &&
      find(library, "heif_context_read_from_memory_without_copy", heif.read) &&
      find(library, "heif_context_set_max_decoding_threads", heif.set_threads) &&
      find(library, "heif_context_get_primary_image_handle", heif.primary_image) &&
      find(library, "heif_image_handle_release", heif.free_handle) &&
      find(library, "heif_image_handle_get_width", heif.handle_width) &&
      find(library, "heif_image_handle_get_height", heif.handle_height) &&
      find(library, "heif_image_handle_is_premultiplied_alpha", heif.is_premultiplied) &&
      find(library, "heif_decoding_options_alloc", heif.new_options) &&
      find(library, "heif_decoding_options_free", heif.free_options) &&
      find(library, "heif_decode_image", heif.decode) && find(library, "heif_image_release", heif.free_image) &&
      find(library, "heif_image_get_width", heif.width) && find(library, "heif_image_get_height", heif.height) &&
      find(library, "heif_image_get_plane_readonly", heif.plane);
  if (!whole || heif.init(nullptr).code != heif_error_Ok) return std::nullopt;
  return heif;
}

}  // namespace

const HeifLibrary* heif_functions() {
  static const std::optional<HeifLibrary> loaded = load();
  return loaded ? &*loaded : nullptr;
}

}  // namespace nib
