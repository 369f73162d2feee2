#include "report/report_page.h"

#include <array>
#include <span>

#include "report/embedded.h"
#include "report/format.h"
#include "report/page_body.h"
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
  std::vector<PagePart> made;
  for (const Part& part : parts) made.push_back({part.id, part.title, part.make(content)});
  return page_body(report_header(content), made, footer(content.record), report_script);
}

}  // namespace

std::string report_page(const ReportContent& content) {
  return "<!DOCTYPE html>\n" + html_element("html", {{"lang", "en"}}, head(content.record) + body(content)).markup() +
         "\n";
}

}  // namespace nib
