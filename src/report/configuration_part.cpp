#include "pictures/picture_title.h"
#include "report/format.h"
#include "report/sections.h"

namespace nib {
namespace {

/// Whether a setting has another value than it has without options; so many threads as the machine has cores are usual.
bool is_unusual(const ReportContent& content, const std::string& name, const Json& value) {
  if (content.default_settings.is_null()) return false;
  if (name != "threads") return content.default_settings[name] != value;
  const Json& cores = content.record.machine["usable_cores"];
  return !cores.is_null() && cores != value;
}

/// The settings in words, the unusual ones or the others; a usual network is told in a part of its own.
NamedTexts settings(const ReportContent& content, bool unusual) {
  NamedTexts facts;
  for (const auto& [name, value] : content.record.configuration.members()) {
    if (is_unusual(content, name, value) != unusual) continue;
    if (name != "network")
      facts.emplace_back(title_of_key(name), described(value));
    else if (unusual && content.network)
      facts.emplace_back("Network", network_in_words(*content.network));
  }
  return facts;
}

}  // namespace

Html configuration_part(const ReportContent& content) {
  if (!content.record.configuration.is_object()) return {};
  if (content.default_settings.is_null()) return fact_list(settings(content, false));
  const Html unusual = fact_list(settings(content, true));
  return (unusual.empty() ? html_element("p", "All settings are at their default.")
                          : subsection("Differing from the default", unusual)) +
         folded("Settings at their default", fact_list(settings(content, false)));
}

}  // namespace nib
