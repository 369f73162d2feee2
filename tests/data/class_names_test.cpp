#include "data/class_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/idx_files.h"

namespace nib {
namespace {

using ::testing::ElementsAre;

std::string line(const std::string& text) {
  const Error error = error_of([&] { parse_class_names(text, "labels.txt"); });
  EXPECT_EQ(error.code(), ExitCode::bad_input);
  return error.what();
}

TEST(ClassNames, AreOneALine) {
  EXPECT_THAT(parse_class_names("cat\nsmall dog\ncaf\xC3\xA9\n", "f"), ElementsAre("cat", "small dog", "caf\xC3\xA9"));
  EXPECT_THAT(parse_class_names("cat\r\ndog\r\n", "f"), ElementsAre("cat", "dog"));
  EXPECT_THAT(parse_class_names("cat\ndog", "f"), ElementsAre("cat", "dog"));
}

TEST(ClassNames, AreReadWithWhatEditorsAdd) {
  EXPECT_THAT(parse_class_names("\xEF\xBB\xBF"
                                "cat\r\ndog\r\n",
                                "f"),
              ElementsAre("cat", "dog"));
  EXPECT_THAT(parse_class_names("cat\ndog\n\n", "f"), ElementsAre("cat", "dog"));
  EXPECT_THAT(parse_class_names("cat\r\ndog\r\n\r\n\r\n", "f"), ElementsAre("cat", "dog"));
}

TEST(ClassNames, OfTwoLinesMustDiffer) {
  EXPECT_EQ(line("cat\ndog\ncat\n"), "labels.txt: line 3: class name cat stands in line 1 already");
}

TEST(ClassNames, MustNotBeEmpty) {
  EXPECT_EQ(line("cat\n\ndog\n"), "labels.txt: line 2: class name is empty");
  EXPECT_EQ(line("\ncat\ndog\n"), "labels.txt: line 1: class name is empty");
}

TEST(ClassNames, HaveAtMost64Bytes) {
  EXPECT_EQ(parse_class_names(std::string(64, 'a') + "\nb", "f").front().size(), 64u);
  EXPECT_EQ(line(std::string(65, 'a') + "\nb"),
            "labels.txt: line 1: class name is too long (expected at most 64 bytes, got 65 bytes)");
}

TEST(ClassNames, AreUtf8WithoutControlCharacters) {
  EXPECT_EQ(line("cat\nd\x1b[31mog\n"),
            "labels.txt: line 2: class name is not plain UTF-8 text (expected UTF-8 without control characters, got "
            "d\\x1b[31mog)");
  EXPECT_EQ(line("caf\xE9\ndog\n"),
            "labels.txt: line 1: class name is not plain UTF-8 text (expected UTF-8 without control characters, got "
            "caf\\xe9)");
}

TEST(ClassNames, AreTwoTo256) {
  for (const char* nothing : {"", "\n", "\xEF\xBB\xBF"})
    EXPECT_EQ(line(nothing), "labels.txt: wrong number of class names (expected 2 to 256, one a line, got 0)");
  EXPECT_EQ(line("one\n"), "labels.txt: wrong number of class names (expected 2 to 256, one a line, got 1)");
  std::string most;
  for (const std::string& name : numbered_class_names(256)) most += name + '\n';
  EXPECT_EQ(parse_class_names(most, "f").back(), "255");
  EXPECT_EQ(line(most + "256\n"), "labels.txt: wrong number of class names (expected 2 to 256, one a line, got 257)");
}

TEST(ClassNames, AreReadFromTheFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_class_names(folder.path()), std::nullopt);
  make_file(folder / "labels.txt", "cat\ndog\n");
  EXPECT_THAT(read_class_names(folder.path()).value(), ElementsAre("cat", "dog"));
  make_file(folder / "labels.txt", std::string(1 << 20, 'a'));
  EXPECT_THAT(error_of([&] { read_class_names(folder.path()); }).what(), ::testing::HasSubstr("file too large"));
}

TEST(ClassNames, AreNumbersWhereNobodyNamedThem) { EXPECT_THAT(numbered_class_names(3), ElementsAre("0", "1", "2")); }

}  // namespace
}  // namespace nib
