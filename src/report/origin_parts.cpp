#include <fmt/core.h>

#include "base/text.h"
#include "report/format.h"
#include "report/html_table.h"
#include "report/sections.h"

namespace nib {
namespace {

/// The members of an object, if it is one.
NamedTexts facts_of(const Json& object) {
  NamedTexts facts;
  if (object.is_object())
    for (const auto& [name, value] : object.members()) facts.emplace_back(name, described(value));
  return facts;
}

NamedTexts titled(NamedTexts facts) {
  for (auto& [name, value] : facts) name = title_of_key(name);
  return facts;
}

/// Empty where the record has none.
std::string text_of(const Json& value) { return value.is_text() ? value.text() : std::string(); }

Html file_table(const DataRecord& data) {
  HtmlTable table("Files; size and SHA-256 are those of the unpacked content",
                  {{"File"}, {"Bytes", true}, {"SHA-256"}});
  for (const FileRecord& file : data.files)
    table.add_row({html_element("code", file.path), html_text(file.raw_bytes ? with_commas(*file.raw_bytes) : "–"),
                   html_element("code", {{"class", "hash"}}, html_text(file.raw_sha256))});
  return table.html();
}

Html class_table(const DataRecord& data) {
  std::vector<HtmlColumn> columns = {{"Class"}};
  for (const auto& [part, counts] : data.class_counts) columns.push_back({title_of_key(part), true});
  HtmlTable table("In each part of the data set", columns);
  for (std::size_t index = 0; index < data.class_names.size() && !data.class_counts.empty(); ++index) {
    std::vector<Html> cells = {html_text(data.class_names[index])};
    for (const auto& [part, counts] : data.class_counts) cells.push_back(html_text(with_commas(counts[index])));
    table.add_row(cells);
  }
  return table.html();
}

Html copyable(const std::string& text) {
  return text.empty() ? Html() : html_element("pre", {{"class", "wrapped copyable"}}, html_element("code", text));
}

}  // namespace

Html machine_part(const ReportContent& content) {
  const RunRecord& run = content.record;
  NamedTexts facts = titled(facts_of(run.machine));
  if (run.peak_memory_bytes)
    facts.emplace_back("Peak memory", fmt::format("{:.0f} MB", static_cast<double>(*run.peak_memory_bytes) / 1e6));
  const std::string version = text_of(run.program["version"]);
  if (!version.empty()) facts.emplace_back("Program", "nib " + version);
  facts.emplace_back("Compiler", text_of(run.program["compiler"]));
  for (const auto& library : facts_of(run.program["libraries"])) facts.push_back(library);
  return fact_list(facts);
}

Html data_part(const ReportContent& content) {
  const DataRecord& data = content.record.data;
  return fact_list({{"Folder", data.folder}}) + folded("Files", file_table(data)) +
         folded("Images of each class", class_table(data));
}

Html reproduction_part(const ReportContent& content) {
  return subsection("Command", copyable(content.record.command)) +
         subsection("SHA-256 of the weights", copyable(content.record.weights_sha256));
}

}  // namespace nib
