#include "report/sections.h"

namespace nib {

namespace {

Html layout(const char* name, const std::vector<Html>& blocks) {
  Html present;
  for (const Html& block : blocks)
    if (!block.empty()) present += html_element("div", block);
  return present.empty() ? present : html_element("div", {{"class", name}}, present);
}

}  // namespace

Html side_by_side(const std::vector<Html>& blocks) { return layout("side-by-side", blocks); }

Html wide_and_narrow(const Html& wide, const Html& narrow) { return layout("wide-and-narrow", {wide, narrow}); }

Html wide_or_narrow(const Html& wide, const Html& narrow) {
  if (narrow.empty()) return wide;
  return html_element("div", {{"class", "on-wide"}}, wide) + html_element("div", {{"class", "on-narrow"}}, narrow);
}

Html card(const std::string& name, const std::string& value, const std::string& note, const std::string& mark) {
  Html content = html_element("span", {{"class", "value"}}, html_text(value));
  if (!note.empty()) content += html_element("span", {{"class", "note"}}, html_text(note));
  return html_element("div", {{"class", mark.empty() ? "card" : "card " + mark}},
                      html_element("dt", name) + html_element("dd", content));
}

Html subsection(const std::string& title, const Html& content) {
  return content.empty() ? content : html_element("h3", title) + content;
}

Html folded(const std::string& title, const Html& content) {
  return content.empty() ? content : html_element("details", html_element("summary", title) + content);
}

Html fact_list(const NamedTexts& facts) {
  Html list;
  for (const auto& [name, value] : facts)
    if (!value.empty()) list += html_element("div", html_element("dt", name) + html_element("dd", value));
  return list.empty() ? list : html_element("dl", {{"class", "facts"}}, list);
}

}  // namespace nib
