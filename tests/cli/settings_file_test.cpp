#include "cli/settings_file.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/flags.h"

namespace nib {
namespace {

/// "name=value@line ...", or the error's line.
std::string read(const std::string& text) {
  try {
    std::string result;
    for (const FileSetting& setting : read_settings(text, "my.toml", "train"))
      result += (result.empty() ? "" : " ") + setting.name + '=' + setting.value + '@' + std::to_string(setting.line);
    return result;
  } catch (const Error& error) {
    return error_line(error) + (error.hint().empty() ? "" : " / " + error.hint());
  }
}

TEST(SettingsFile, HasNumbersWordsAndTexts) {
  EXPECT_EQ(read("epochs = 3\n  learning-rate=1e-3  \nforce = true\r\n"),
            "epochs=3@1 learning-rate=1e-3@2 force=true@3");
  EXPECT_EQ(read("out = \"my run, the 1st\"\ndata = 'a \"b\" \\ c'"), "out=my run, the 1st@1 data=a \"b\" \\ c@2");
  EXPECT_EQ(read("out = \"'a b'\""), "out='a b'@1");
  EXPECT_EQ(read("\xef\xbb\xbfout = \"r\u00e9sum\u00e9\"\n"), "out=r\u00e9sum\u00e9@1");
}

TEST(SettingsFile, HasCommentsAndItsTable) {
  EXPECT_EQ(read("# first\n\n[train]  # these\nepochs = 3 # few\nout = \"a#b\" # '\n"), "epochs=3@4 out=a#b@5");
  EXPECT_EQ(read("train.epochs = 3\n\"batch\" = 64\n"), "epochs=3@1 batch=64@2");
  EXPECT_EQ(read("# nothing else\n"), "");
}

TEST(SettingsFile, HasListsAsTheCommandLineHasThem) {
  EXPECT_EQ(read("threads = [1, 2 ,4]\n"), "threads=1,2,4@1");
  EXPECT_EQ(read("names = [\"a b\", 'c']\n"), "names=a b,c@1");
}

TEST(SettingsFile, IsRefusedWithItsLine) {
  const std::string value = "a number, true, false or a text in quotes, got ";
  EXPECT_EQ(read("\nschedule = cosine\n"),
            "my.toml: line 2: not a value (expected " + value + "\"cosine\") / schedule = \"cosine\"");
  EXPECT_EQ(read("batch = .5"), "my.toml: line 1: not a value (expected " + value + "\".5\") / batch = \".5\"");
  EXPECT_EQ(read("epochs = 0x10"), "my.toml: line 1: not a value (expected " + value + "\"0x10\") / epochs = \"0x10\"");
  EXPECT_EQ(read("epochs 5\n"), "my.toml: line 1: not a setting (expected name = value, got \"epochs 5\")");
  EXPECT_EQ(read("= 5\n"), "my.toml: line 1: not a setting (expected name = value, got \"= 5\")");
  EXPECT_EQ(read("e=\n"), "my.toml: line 1: \"e\" needs a value (expected e = ...)");
  EXPECT_EQ(read("[bench]\n"), "my.toml: line 1: another table (expected [train] once, or none, got \"[bench]\")");
  EXPECT_EQ(read("[train]\n[train]\n"),
            "my.toml: line 2: another table (expected [train] once, or none, got \"[train]\")");
  EXPECT_EQ(read("epochs = 1\nbatch = 2\nepochs = 1\n"),
            "my.toml: line 3: \"epochs\" is given more than once / it also stands in line 1");
  const std::string quotes =
      "my.toml: line 1: not a text in quotes (expected quotes of one kind at both ends; a "
      "backslash only between single ones, got ";
  EXPECT_EQ(read("out = \"a"), quotes + "\"\"a\")");
  EXPECT_EQ(read("out = \"a\" b"), quotes + "\"\"a\" b\")");
  EXPECT_EQ(read("out = \"a\\tb\""), quotes + "\"\"a\\tb\"\")");
  const std::string list =
      "my.toml: line 1: not a list in one line (expected [1, 2] or [\"a\", \"b\"], no comma in a "
      "text, got ";
  EXPECT_EQ(read("threads = [1,\n 2]\n"), list + "\"[1,\")");
  EXPECT_EQ(read("threads = []\n"), list + "\"[]\")");
  EXPECT_EQ(read("threads = [1, [2]]\n"), list + "\"[1, [2]]\")");
}

TEST(SettingsFile, IsRefusedWhereItIsSomethingElse) {
  EXPECT_EQ(read(""), "my.toml: holds nothing (expected settings)");
  EXPECT_EQ(read(" \n\n"), "my.toml: holds nothing (expected settings)");
  EXPECT_EQ(read("\n{\"configuration\": {}}"),
            "my.toml: is JSON (expected lines of name = value) / the settings of a run.json are the words of its "
            "\"command\"");
  const std::string text = "my.toml: line 1: not text (expected UTF-8 without control characters, got ";
  EXPECT_EQ(read("out = \"\xff\""), text + "\"out = \"\\xff\"\")");
  EXPECT_EQ(read(std::string("\x89PNG\0", 5)), text + "\"\\x89PNG\\x00\")");
  EXPECT_EQ(read(std::string(5000, 'a')), "my.toml: line 1: too long (expected 4096 bytes at most)");
}

TEST(SettingsFile, TakesBackWhatIsWritten) {
  for (const std::string value : {"5", "0.001", "true", "a b", "it's", "say \"no\"", "C:\\x", "a#b", ""}) {
    const std::string line = "name = " + settings_file_value("name", value);
    EXPECT_EQ(read(line), "name=" + value + "@1") << line;
  }
  EXPECT_EQ(settings_file_value("name", "mnist"), "\"mnist\"");
  for (const std::string number : {"2", "-2", "0.5", "1e-30", "1.5E+3", "18446744073709551615"})
    EXPECT_EQ(settings_file_value("name", number), number);
  for (const std::string text : {".5", "5.", "010", "1e", "--1", "nan", "0x10", "1_000"})
    EXPECT_EQ(settings_file_value("name", text), '"' + text + '"') << "no number in TOML";
  for (const std::string value : {"a\"b'c", "a\nb", "\xff", "'\\"}) {
    try {
      settings_file_value("name", value);
      FAIL() << printable(value);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
    }
  }
}

}  // namespace
}  // namespace nib
