// What shells and man are given: completion, manual pages.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/temporary_folder.h"
#include "base/text.h"
#include "commands/program.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::string script_for(const std::string& shell) {
  const TemporaryFolder folder;
  const Ending ending = nib({"completion", shell}, folder.path());
  EXPECT_EQ(ending.code, 0) << ending.errors;
  return ending.output;
}

/// Output of a shell's script; nullopt where there is no such shell.
std::optional<std::string> run_by(const std::string& shell, const std::string& options, const std::string& script) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "script";
  std::ofstream(file) << script;
  std::ofstream(folder.path() / "seven.png");
  FILE* const pipe = popen(("cd " + shell_word(folder.path().string()) + " && { command -v " + shell +
                            " >/dev/null || { echo absent; exit; }; " + shell + ' ' + options + " script; } 2>&1")
                               .c_str(),
                           "r");
  std::string output;
  for (int letter = 0; (letter = fgetc(pipe)) != EOF;) output += static_cast<char>(letter);
  pclose(pipe);
  return output == "absent\n" ? std::nullopt : std::optional(output);
}

/// What bash offers for the last word.
std::vector<std::string> offered(const std::string& words) {
  const std::string script = script_for("bash") + "COMP_WORDS=(" + words +
                             ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_nib\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
  std::istringstream lines(run_by("bash", "--norc", script).value_or(""));
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) found.push_back(line);
  return found;
}

/// The commands, with those below them, and the options of each, as the help texts tell them.
struct Told {
  std::vector<std::string> words;
  std::set<std::string> options;
};

std::vector<Told> told_by_help(const std::vector<std::string>& words = {}) {
  const TemporaryFolder folder;
  std::vector<std::string> arguments{"help"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const std::string help = nib(arguments, folder.path()).output;
  std::vector<Told> all{{words, {}}};
  bool commands = false;
  std::istringstream lines(help);
  const std::regex option("^ +(?:-\\w, )?(--[a-z0-9-]+).*"), command("^  ([a-z]+)(?: .*)?$");
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(' ')) commands = line == "Commands";
    std::smatch match;
    if (std::regex_match(line, match, option)) all.front().options.insert(match[1]);
    if (commands && std::regex_match(line, match, command)) {
      std::vector<std::string> below = words;
      below.push_back(match[1]);
      const std::vector<Told> more = told_by_help(below);
      all.insert(all.end(), more.begin(), more.end());
    }
  }
  return all;
}

TEST(Completion, OffersCommandsOptionsWordsAndFiles) {
  if (!run_by("bash", "", "")) GTEST_SKIP() << "no bash";
  EXPECT_THAT(offered("nib tr"), ElementsAre("train"));
  EXPECT_THAT(offered("nib data f"), ElementsAre("fetch"));
  EXPECT_THAT(offered("nib train --sch"), ElementsAre("--schedule"));
  EXPECT_THAT(offered("nib train --schedule c"), ElementsAre("constant", "cosine"));
  EXPECT_THAT(offered("nib train --schedule = c"), ElementsAre("constant", "cosine"));
  EXPECT_THAT(offered("nib train -d ''"), UnorderedElementsAre("mnist", "fashion", "script", "seven.png"));
  EXPECT_THAT(offered("nib train --limit ''"), IsEmpty());
  EXPECT_THAT(offered("nib predict se"), ElementsAre("seven.png"));
  // Of the command that was typed, though a picture has the name of another.
  EXPECT_THAT(offered("nib predict x train --csv se"), ElementsAre("seven.png"));
  EXPECT_THAT(offered("nib help ev"), ElementsAre("evaluate"));
}

class OtherShells : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Completion, OtherShells, testing::Values("zsh", "fish"));

TEST_P(OtherShells, ReadTheirScript) {
  const auto said = run_by(GetParam(), "-n", script_for(GetParam()));
  if (!said) GTEST_SKIP() << "no " << GetParam();
  EXPECT_EQ(*said, "");
}

TEST(Completion, KnowsEveryOptionOfEveryCommand) {
  const std::string bash = script_for("bash"), zsh = script_for("zsh"), fish = script_for("fish");
  std::size_t options = 0;
  for (const Told& told : told_by_help()) {
    std::string name = "nib", function = "_nib";
    for (const std::string& word : told.words) name += ' ' + word, function += '_' + word;
    for (const std::string& option : told.options) {
      EXPECT_TRUE(std::regex_search(fish, std::regex("__nib_is " + name + "' .*-l " + option.substr(2) + " ")))
          << option;
      const std::size_t begin = zsh.find(function + "() {");
      ASSERT_NE(begin, std::string::npos) << function;
      EXPECT_THAT(zsh.substr(begin, zsh.find("\n}\n", begin) - begin), HasSubstr(option)) << function;
      EXPECT_TRUE(std::regex_search(bash, std::regex("'" + name + "'\\) words='[^']*" + option + "[ ']"))) << option;
      ++options;
    }
  }
  EXPECT_GT(options, 100u);
}

TEST(Completion, WrongShellsAreTold) {
  const TemporaryFolder folder;
  const Ending wrong = nib({"completion", "fis"}, folder.path());
  EXPECT_EQ(wrong.code, 2);
  EXPECT_EQ(wrong.errors,
            "nib: error: SHELL: unknown word (expected bash|zsh|fish, got \"fis\")\nhint: did you mean fish?\n");
  EXPECT_THAT(nib({"completion"}, folder.path()).errors, HasSubstr("SHELL: missing"));
}

TEST(Manual, HasAPageForEveryCommand) {
  const TemporaryFolder folder;
  EXPECT_EQ(nib({"help", "--man", "share/man1"}, folder.path()).code, 0);
  std::size_t pages = 0;
  for (const Told& told : told_by_help()) {
    std::string name = "nib";
    for (const std::string& word : told.words) name += '-' + word;
    const std::string page = contents(folder.path() / "share/man1" / (name + ".1"));
    EXPECT_THAT(page, HasSubstr(".SH NAME\n" + std::regex_replace(name, std::regex("-"), "\\-") + " \\- ")) << name;
    for (const std::string& option : told.options)
      EXPECT_THAT(page, HasSubstr(std::regex_replace(option, std::regex("-"), "\\-"))) << name;
    ++pages;
  }
  EXPECT_GT(pages, 15u);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder.path() / "share/man1")) files += entry.is_regular_file();
  EXPECT_EQ(files, pages);
}

TEST(Manual, IsNotWrittenWhereItCannotBe) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "mine";
  const Ending ending = nib({"help", "--man", "file"}, folder.path());
  EXPECT_EQ(ending.code, 4);
  EXPECT_THAT(ending.errors, HasSubstr("nib: error: file: "));
  EXPECT_EQ(contents(folder.path() / "file"), "mine");
  EXPECT_EQ(nib({"help", "--man"}, folder.path()).code, 2);
}

}  // namespace
}  // namespace nib
