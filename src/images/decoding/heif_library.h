#pragma once

#include <libheif/heif.h>

namespace nib {

/// The functions of libheif that are used, of the library that the system has.
struct HeifLibrary {
  decltype(&heif_init) init = nullptr;
  decltype(&heif_get_version) version = nullptr;
  decltype(&heif_have_decoder_for_format) have_decoder = nullptr;
  decltype(&heif_context_alloc) new_context = nullptr;
  decltype(&heif_context_free) free_context = nullptr;
  decltype(&heif_context_read_from_memory_without_copy) read = nullptr;
  decltype(&heif_context_set_max_decoding_threads) set_threads = nullptr;
  decltype(&heif_context_get_primary_image_handle) primary_image = nullptr;
  decltype(&heif_image_handle_release) free_handle = nullptr;
  decltype(&heif_image_handle_get_width) handle_width = nullptr;
  decltype(&heif_image_handle_get_height) handle_height = nullptr;
  decltype(&heif_image_handle_is_premultiplied_alpha) is_premultiplied = nullptr;
  decltype(&heif_decoding_options_alloc) new_options = nullptr;
  decltype(&heif_decoding_options_free) free_options = nullptr;
  decltype(&heif_decode_image) decode = nullptr;
  decltype(&heif_image_release) free_image = nullptr;
  decltype(&heif_image_get_width) width = nullptr;
  decltype(&heif_image_get_height) height = nullptr;
  decltype(&heif_image_get_plane_readonly) plane = nullptr;
};

/// Loads it and its decoders at the first call, for as long as the process lives; null where there is none.
const HeifLibrary* heif_functions();

}  // namespace nib
