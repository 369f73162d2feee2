#include "report/report_page.h"

#include <array>
#include <span>

#include "report/embedded.h"
#include "report/format.h"
#include "report/page_head.h"
#include "report/sections.h"

namespace nib {
namespace {

struct Part {
  const char* id;
  const char* title;
  Html (*make)(const ReportContent&);
};
constexpr std::array<Part, 9> parts = {{{"training", "Training", training_part},
                                        {"test", "Test result", test_part},
                                        {"examples", "Samples", samples_part},
                                        {"network", "Network", network_part},
                                        {"configuration", "Settings", configuration_part},
                                        {"timings", "Timings", timings_part},
                                        {"machine", "Machine and versions", machine_part},
                                        {"data", "Data", data_part},
                                        {"reproduction", "Reproduction", reproduction_part}}};

Html head(const RunRecord& run) {
  const std::string& data = run.data.title.empty() ? run.data.name : run.data.title;
  return page_head((data.empty() ? "Training run" : data) + ", " + long_date(run.started), report_style, report_script);
}

Html footer(const RunRecord& run) {
  const Json& number = run.program["version"];
  const std::string version = number.is_text() ? number.text() : "";
  return html_element("footer", html_element("p", "Made by nib" + (version.empty() ? "" : " " + version) + "."));
}

Html body(const ReportContent& content) {
  Html links, sections;
  for (const Part& part : parts) {
    const Html section = part.make(content);
    if (section.empty()) continue;
    const std::string id = part.id, title_id = id + "-title";
    links += html_element("li", html_element("a", {{"href", "#" + id}}, html_text(part.title)));
    sections += html_element("section", {{"id", id}, {"aria-labelledby", title_id}},
                             html_element("h2", {{"id", title_id}}, html_text(part.title)) + section);
    sections += Html::trusted("\n");
  }
  const Html contents =
      links.empty() ? Html() : html_element("nav", {{"aria-label", "Contents"}}, html_element("ol", links));
  return html_element("body",
                      html_element("a", {{"class", "skip"}, {"href", "#content"}}, html_text("Skip to the content")) +
                          contents + html_element("main", {{"id", "content"}}, report_header(content) + sections) +
                          footer(content.record) + html_element("script", Html::trusted(std::string(report_script))));
}

}  // namespace

std::string report_page(const ReportContent& content) {
  return "<!DOCTYPE html>\n" + html_element("html", {{"lang", "en"}}, head(content.record) + body(content)).markup() +
         "\n";
}

}  // namespace nib
