#include "base/text.h"
#include "report/format.h"
#include "report/html_table.h"
#include "report/sections.h"

namespace nib {

Html samples_part(const ReportContent& content) {
  NamedTexts facts;
  const DataRecord& data = content.record.data;
  for (const auto& [part, images] : data.images)
    facts.emplace_back(title_of_key(part) + " images", with_commas(images));
  if (!data.class_names.empty())
    facts.emplace_back("Classes", with_commas(data.class_names.size()) + ": " + join_words(data.class_names));
  return side_by_side({figure_named(content, "samples"), fact_list(facts)});
}

Html network_part(const ReportContent& content) {
  Html part;
  const auto table = [](const std::string& text) {
    return text.empty() ? Html() : html_element("pre", html_lines(text));
  };
  if (!content.summary.empty())
    part += scroll_box("Layer table", wide_or_narrow(table(content.summary), table(content.narrow_summary)));
  if (const Json& network = content.record.configuration["network"]; !network.is_null())
    part += html_element("details", html_element("summary", "The network as JSON, as in a network file") +
                                        html_element("pre", {{"class", "wrapped"}}, html_text(described(network))));
  return part;
}

Html configuration_part(const ReportContent& content) {
  NamedTexts facts;
  if (content.record.configuration.is_object())
    for (const auto& [name, value] : content.record.configuration.members())
      if (name != "network") facts.emplace_back(title_of_key(name), described(value));
  return fact_list(facts);
}

}  // namespace nib
