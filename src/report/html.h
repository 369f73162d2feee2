#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nib {

/// A piece of a page whose tags are balanced. Plain text becomes one only through html_text(), which escapes it, so
/// that nothing a user wrote can turn into markup.
class Html {
 public:
  Html() = default;
  /// Markup of this program's own making (a picture, the style sheet), taken as it stands.
  static Html trusted(std::string markup);

  Html& operator+=(const Html& other);
  friend Html operator+(Html left, const Html& right) { return left += right; }
  bool empty() const { return markup_.empty(); }
  const std::string& markup() const { return markup_; }

 private:
  std::string markup_;
};

struct HtmlAttribute {
  std::string_view name;
  std::string value;  ///< plain text; escaped when it is written
};
using HtmlAttributes = std::vector<HtmlAttribute>;

/// A text in one line: control bytes and invalid UTF-8 stand as \xNN.
Html html_text(std::string_view text);
/// A text of several lines, for <pre>.
Html html_lines(std::string_view text);

Html html_element(std::string_view name, const HtmlAttributes& attributes, const Html& content);
Html html_element(std::string_view name, const Html& content);
Html html_element(std::string_view name, std::string_view text);
/// <meta> and the like, which have no content and no end tag.
Html html_void_element(std::string_view name, const HtmlAttributes& attributes);

}  // namespace nib
