#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/html.h"

namespace nib {

struct PagePart {
  std::string id, title;
  Html content;  ///< the part is left out where it is empty
};

/// The <body> of a page: a table of contents, then `header`, the parts under their titles, and `footer`. `script`: the
/// one that page_head() has the hash of.
Html page_body(const Html& header, const std::vector<PagePart>& parts, const Html& footer, std::string_view script);

}  // namespace nib
