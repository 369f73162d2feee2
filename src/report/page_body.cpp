#include "report/page_body.h"

namespace nib {

Html page_body(const Html& header, const std::vector<PagePart>& parts, const Html& footer, std::string_view script) {
  Html links, sections;
  for (const PagePart& part : parts) {
    if (part.content.empty()) continue;
    const std::string title_id = part.id + "-title";
    links += html_element("li", html_element("a", {{"href", "#" + part.id}}, html_text(part.title)));
    sections += html_element("section", {{"id", part.id}, {"aria-labelledby", title_id}},
                             html_element("h2", {{"id", title_id}}, html_text(part.title)) + part.content);
    sections += Html::trusted("\n");
  }
  const Html contents =
      links.empty() ? Html() : html_element("nav", {{"aria-label", "Contents"}}, html_element("ol", links));
  return html_element("body",
                      html_element("a", {{"class", "skip"}, {"href", "#content"}}, html_text("Skip to the content")) +
                          contents + html_element("main", {{"id", "content"}}, header + sections) + footer +
                          html_element("script", Html::trusted(std::string(script))));
}

}  // namespace nib
