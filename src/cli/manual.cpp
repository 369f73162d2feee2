#include "cli/manual.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"

namespace nib {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array<Row, 9> exit_codes = {{
    {"0", "all is well"},
    {"1", "a bug in nib"},
    {"2", "usage: an option or argument is wrong"},
    {"3", "bad input"},
    {"4", "a file cannot be read or written, or a result was lost"},
    {"5", "device: no GPU, or it failed"},
    {"6", "numbers that are not finite"},
    {"7", "a check that was asked for did not hold"},
    {"128 + n", "ended by signal n"},
}};

constexpr std::array<Row, 4> variables = {{
    {"NIB_DATA", "folder of data sets, searched before all other places"},
    {"NIB_INSTRUCTIONS", "scalar, avx2 or avx512: forces an instruction set; the results are the same"},
    {"NIB_CUDA_LIBRARIES", "folders of cuDNN and cuBLAS, with : between them; no others are searched then"},
    {"NO_COLOR", "text without colour"},
}};

/// Text as roff prints it: neither a backslash nor a dot at the beginning of a line means anything, and a dash is the
/// one that is typed.
std::string plain(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '\\')
      escaped += "\\e";
    else if (letter == '-')
      escaped += "\\-";
    else
      escaped += letter;
  }
  return text.starts_with('.') || text.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return std::string(first == std::string_view::npos ? std::string_view() : text.substr(first));
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return text;
}

std::string bold(std::string_view text) { return "\\fB" + plain(text) + "\\fR"; }

/// "-e, --epochs N": names in bold, what stands for the value in italics.
std::string row_name(std::string_view name) {
  const std::string text = trimmed(name);
  const std::size_t last = text.rfind(' ');
  if (!text.starts_with('-') || last == std::string::npos || text[last - 1] == ',') return bold(text);
  return bold(text.substr(0, last)) + " \\fI" + plain(text.substr(last + 1)) + "\\fR";
}

std::string entry(std::string_view name, std::string_view description) {
  return ".TP\n" + std::string(name) + '\n' + plain(description) + '\n';
}

std::string section(const HelpSection& section) {
  std::string text = ".SH " + upper(section.title) + '\n';
  const bool examples = section.title == "Examples";
  for (const HelpRow& row : section.rows)
    text += entry(examples ? bold(row.name) : row_name(row.name), row.description);
  return text;
}

std::string table(std::string_view title, std::span<const Row> rows) {
  std::string text = ".SH " + std::string(title) + '\n';
  for (const auto& [name, description] : rows) text += entry(bold(name), description);
  return text;
}

/// The page above, and those below.
std::string see_also(const CommandTree& command, const CommandTree& program) {
  std::vector<std::string> names;
  if (command.words.size() > 1) names.push_back(program.name("-"));
  for (const CommandTree& each : command.commands) names.push_back(each.name("-"));
  std::string text = ".SH SEE ALSO\n";
  for (const std::string& name : names) text += ".BR " + plain(name) + (name == names.back() ? " (1)\n" : " (1),\n");
  return text;
}

void write_pages(const std::filesystem::path& folder, const CommandTree& command, const CommandTree& program,
                 const std::string& version) {
  write_file_atomically(folder / (command.name("-") + ".1"), manual_page(command, program, version));
  for (const CommandTree& each : command.commands) write_pages(folder, each, program, version);
}

}  // namespace

std::string manual_page(const CommandTree& command, const CommandTree& program, const std::string& version) {
  const std::string name = command.name("-");
  std::string text = ".TH " + upper(name) + " 1 \"\" \"" + program.name("") + ' ' + version + "\" \"User Commands\"\n";
  text += ".SH NAME\n" + plain(name) + " \\- " + plain(command.description) + '\n';
  const std::string words = command.name(" ");
  text += ".SH SYNOPSIS\n" + bold(words) + plain(command.page.usage.substr(words.size())) + '\n';
  text += ".SH DESCRIPTION\n" + plain(command.page.description) + '\n';
  if (!command.page.footer.empty()) text += ".PP\n" + plain(command.page.footer) + '\n';
  for (const HelpSection& each : command.page.sections) text += section(each);
  return text + table("EXIT STATUS", exit_codes) + table("ENVIRONMENT", variables) + see_also(command, program);
}

void write_manual(const std::filesystem::path& folder, const CommandTree& program, const std::string& version) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw io_error({.file = folder.string(), .problem = "cannot be made: " + failed.message()});
  write_pages(folder, program, program, version);
}

}  // namespace nib
