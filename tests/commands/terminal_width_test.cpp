// On a terminal no line is longer than it but for a word that is, and nothing is cut; anywhere else lines stay as they
// are.

#include <gmock/gmock.h>

#include <sstream>

#include "base/text.h"
#include "commands/small_set.h"
#include "commands/terminal_program.h"

namespace nib {
namespace {

using testing::HasSubstr;

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// What stays visible of a line that is redrawn.
std::string last_drawing(const std::string& line) { return line.substr(line.rfind('\r') + 1); }

/// A line may run over the end of the terminal where that is in its last word, which then stands alone.
void expect_lines_fit(const std::string& text, std::size_t columns) {
  for (const std::string& each : lines_of(text)) {
    const std::string line = last_drawing(each);
    const bool one_word = words_of(line).size() == 1;
    EXPECT_TRUE(text_width(line) <= columns || one_word) << columns << " columns: " << line;
  }
}

class TerminalWidth : public testing::TestWithParam<unsigned short> {
 protected:
  /// Both streams, as a terminal gets them.
  TerminalEnding run(const std::vector<std::string>& arguments) {
    const std::optional<TerminalEnding> ending = nib_on_terminal(arguments, folder.path(), GetParam());
    if (ending) return *ending;
    no_terminal = true;
    return {};
  }
  void expect_same_words(const std::vector<std::string>& arguments) {
    const TerminalEnding ending = run(arguments);
    if (no_terminal) return;
    const Ending piped = nib(arguments, folder.path());
    EXPECT_EQ(words_of(ending.text), words_of(piped.output + piped.errors));
    EXPECT_EQ(ending.code, piped.code);
    expect_lines_fit(ending.text, GetParam());
  }
  void TearDown() override {
    if (no_terminal) GTEST_SKIP() << "no pseudo-terminals here";
  }

  const SmallSetFolder folder;
  bool no_terminal = false;
};

TEST_P(TerminalWidth, BreaksProseBetweenWords) {
  expect_same_words({"data", "list"});
  expect_same_words({"data", "verify", "--data", "set"});
  expect_same_words({"help"});
  for (const char* const command :
       {"train", "evaluate", "predict", "show", "summary", "report", "bench", "compare", "convert", "verify", "data"})
    expect_same_words({"help", command});
}

TEST_P(TerminalWidth, BreaksErrorsAndHints) {
  expect_same_words({"train", "--data", "set", "--validation-split", "0.9999"});
  expect_same_words({"train", "--lr", "0.1"});
  expect_same_words({"trian"});
}

TEST_P(TerminalWidth, HoldsForATrainingRunAndWhatFollows) {
  const TerminalEnding training = run(small_training({"--out", "run"}));
  if (no_terminal) return;
  EXPECT_EQ(training.code, 0) << training.text;
  expect_lines_fit(training.text, GetParam());
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"evaluate", "run/model.safetensors", "--data", "set", "--device", "cpu"},
        {"predict", "run/model.safetensors", "--data", "set"},
        {"show", "--data", "set"},
        {"bench", "--data", "set", "--epochs", "1", "--device", "cpu", "--threads", "1"}})
    expect_lines_fit(run(arguments).text, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Columns, TerminalWidth, testing::Values(40, 60, 80, 100, 200));

TEST(LinesInAPipe, AreNotBroken) {
  const SmallSetFolder folder;
  const Ending ending = Program({"train", "--data", "set", "--validation-split", "0.9999"})
                            .in(folder.path())
                            .with_environment("COLUMNS", "40")
                            .run();
  EXPECT_EQ(lines_of(ending.errors).size(), 2U) << ending.errors;
  EXPECT_THAT(nib({"data", "verify", "--data", "set"}, folder.path()).output, HasSubstr(" bytes, sha256 "));
}

TEST(ATrainingRun, EndsWithTheResultAndTheReport) {
  const SmallSetFolder folder;
  const Ending ending = nib(drawn_training({"--out", "run"}), folder.path());
  const std::vector<std::string> lines = lines_of(ending.output);
  ASSERT_GT(lines.size(), 7U);
  EXPECT_THAT(lines[lines.size() - 7], HasSubstr("Test loss: "));
  EXPECT_THAT(lines[lines.size() - 6], HasSubstr("Test accuracy: "));
  EXPECT_THAT(lines[lines.size() - 5], HasSubstr("Tested weights: epoch 2, "));
  EXPECT_THAT(lines[lines.size() - 4], HasSubstr("Score: none, as "));
  EXPECT_THAT(lines[lines.size() - 3], HasSubstr("Files in run: "));
  EXPECT_THAT(lines[lines.size() - 2], HasSubstr("weights sha256: "));
  EXPECT_EQ(lines.back(), "Report: run/report.html");
}

}  // namespace
}  // namespace nib
