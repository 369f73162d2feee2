#pragma once

#include "base/error.h"

namespace nib {

/// The error (io) for text that Cairo could not draw: it names the file of the pictures' typeface (bold or not) and
/// what keeps it from being read, as far as that can be found out. Cairo itself calls every such failure a lack of
/// memory.
Error font_error(bool bold);

}  // namespace nib
