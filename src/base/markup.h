#pragma once

#include <string>
#include <string_view>

namespace nib {

/// A user's text as text of HTML or SVG, also inside an attribute's quotes: made printable, and with character
/// references in place of & < > " and '.
std::string markup_text(std::string_view text);

}  // namespace nib
