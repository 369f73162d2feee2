#include "report/page_head.h"

#include "base/hash.h"
#include "encodings/base64.h"

namespace nib {
namespace {

/// What a browser wants to see of a script before it runs it, so that no other one runs.
std::string script_hash(std::string_view script) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(script.data());
  return "'sha256-" + to_base64(sha256({bytes, script.size()})) + "'";
}

}  // namespace

Html page_head(const std::string& title, std::string_view style, std::string_view script) {
  const std::string policy =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src " + script_hash(script);
  Html content = html_void_element("meta", {{"charset", "utf-8"}});
  content += html_void_element("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", policy}});
  content += html_void_element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  content += html_void_element("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  content += html_void_element("link", {{"rel", "icon"}, {"href", "data:,"}});
  content += html_element("title", title);
  content += html_element("style", Html::trusted(std::string(style)));
  return html_element("head", content);
}

}  // namespace nib
