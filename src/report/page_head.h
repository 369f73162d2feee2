#pragma once

#include <string>
#include <string_view>

#include "report/html.h"

namespace nib {

/// The <head> of a page that needs no other file: its policy lets the browser run `script` and no other, by its hash,
/// and ask no server for anything. `style` and `script` are this program's own texts; the page has the script in its
/// body.
Html page_head(const std::string& title, std::string_view style, std::string_view script);

}  // namespace nib
