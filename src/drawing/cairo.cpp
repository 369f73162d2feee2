#include "drawing/cairo.h"

namespace nib {

constinit LateLibrary cairo_library(CAIRO_LIBRARY_NAME, CAIRO_LIBRARY_FILE);
constinit LateLibrary fontconfig_library(FONTCONFIG_LIBRARY_NAME, FONTCONFIG_LIBRARY_FILE);

}  // namespace nib
