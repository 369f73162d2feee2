#pragma once

#include <cairo.h>
#include <fontconfig/fontconfig.h>

#include "base/late_library.h"

// What is called of Cairo and of fontconfig, which Cairo asks for fonts, by its own names. They bring the libraries of
// X along and are loaded for the first picture: few commands draw any.
namespace nib {

extern LateLibrary cairo_library, fontconfig_library;

#define NIB_LATE(library, symbol) \
  inline constinit const Late<decltype(::symbol)> symbol { library, #symbol }
NIB_LATE(cairo_library, cairo_arc);
NIB_LATE(cairo_library, cairo_clip);
NIB_LATE(cairo_library, cairo_close_path);
NIB_LATE(cairo_library, cairo_create);
NIB_LATE(cairo_library, cairo_destroy);
NIB_LATE(cairo_library, cairo_fill_preserve);
NIB_LATE(cairo_library, cairo_image_surface_create);
NIB_LATE(cairo_library, cairo_image_surface_get_data);
NIB_LATE(cairo_library, cairo_image_surface_get_stride);
NIB_LATE(cairo_library, cairo_line_to);
NIB_LATE(cairo_library, cairo_mask);
NIB_LATE(cairo_library, cairo_move_to);
NIB_LATE(cairo_library, cairo_new_path);
NIB_LATE(cairo_library, cairo_paint);
NIB_LATE(cairo_library, cairo_pattern_create_for_surface);
NIB_LATE(cairo_library, cairo_pattern_destroy);
NIB_LATE(cairo_library, cairo_pattern_set_filter);
NIB_LATE(cairo_library, cairo_rectangle);
NIB_LATE(cairo_library, cairo_restore);
NIB_LATE(cairo_library, cairo_rotate);
NIB_LATE(cairo_library, cairo_save);
NIB_LATE(cairo_library, cairo_scale);
NIB_LATE(cairo_library, cairo_select_font_face);
NIB_LATE(cairo_library, cairo_set_dash);
NIB_LATE(cairo_library, cairo_set_font_size);
NIB_LATE(cairo_library, cairo_set_line_join);
NIB_LATE(cairo_library, cairo_set_line_width);
NIB_LATE(cairo_library, cairo_set_source_rgb);
NIB_LATE(cairo_library, cairo_set_source_rgba);
NIB_LATE(cairo_library, cairo_show_text);
NIB_LATE(cairo_library, cairo_status);
NIB_LATE(cairo_library, cairo_status_to_string);
NIB_LATE(cairo_library, cairo_stroke_preserve);
NIB_LATE(cairo_library, cairo_surface_destroy);
NIB_LATE(cairo_library, cairo_surface_flush);
NIB_LATE(cairo_library, cairo_surface_mark_dirty);
NIB_LATE(cairo_library, cairo_surface_status);
NIB_LATE(cairo_library, cairo_text_extents);
NIB_LATE(cairo_library, cairo_translate);
NIB_LATE(fontconfig_library, FcConfigSubstitute);
NIB_LATE(fontconfig_library, FcDefaultSubstitute);
NIB_LATE(fontconfig_library, FcFontMatch);
NIB_LATE(fontconfig_library, FcPatternAddInteger);
NIB_LATE(fontconfig_library, FcPatternAddString);
NIB_LATE(fontconfig_library, FcPatternCreate);
NIB_LATE(fontconfig_library, FcPatternDestroy);
NIB_LATE(fontconfig_library, FcPatternGetString);
#undef NIB_LATE

}  // namespace nib
