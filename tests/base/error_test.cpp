#include "base/error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace nib {
namespace {

TEST(Error, SaysEverythingInOneLine) {
  const Error error = input_error(
      {.file = "a.idx", .field = "magic", .problem = "wrong kind of file", .expected = "2051", .got = "2049"});
  EXPECT_STREQ(error.what(), "a.idx: magic: wrong kind of file (expected 2051, got 2049)");
  EXPECT_EQ(error.code(), ExitCode::bad_input);
}

TEST(Error, LeavesOutWhatIsEmpty) {
  EXPECT_STREQ(usage_error({.problem = "no command"}).what(), "no command");
  EXPECT_STREQ(io_error({.file = "f", .problem = "gone"}).what(), "f: gone");
  EXPECT_STREQ(device_error({.problem = "p", .expected = "e"}).what(), "p (expected e)");
  EXPECT_STREQ(numeric_error({.problem = "p", .got = "g"}).what(), "p (got g)");
}

TEST(Error, CallsSettingsByTheirOwnNames) {
  const Error error = usage_error({.setting = "output folder",
                                   .file = "runs/a",
                                   .problem = "not for " + setting("data"),
                                   .expected = setting("x"),
                                   .got = setting("y"),
                                   .hint = "leave " + setting("as is") + " out"});
  EXPECT_STREQ(error.what(), "output folder: runs/a: not for data (expected x, got y)");
  EXPECT_EQ(error.hint(), "leave as is out");
  EXPECT_STREQ(device_error({.setting = "device", .value = "cuda:\n7", .problem = "none"}).what(),
               "device cuda:\\x0a7: none");
}

TEST(Error, CallsSettingsAsTheProgramDoes) {
  const auto shout = [](std::string_view name) { return "<" + std::string(name) + ">"; };
  EXPECT_EQ(problem_line({.setting = "batch", .problem = "no " + setting("a") + setting("b")}, shout),
            "<batch>: no <a><b>");
  EXPECT_EQ(name_settings("a smaller " + setting("batch") + " needs less", shout), "a smaller <batch> needs less");
  EXPECT_EQ(name_settings("", shout), "");
  EXPECT_EQ(name_settings("a\1lone\2mark\1", shout), "a<lone>mark\1") << "what marks nothing stays as it is";
  EXPECT_EQ(name_settings("\2a\1b\1lone\2", shout), "\2a\1b<lone>");
}

TEST(Error, TakesNoMarksFromNames) {
  const auto shout = [](std::string_view name) { return "<" + std::string(name) + ">"; };
  EXPECT_EQ(
      problem_line({.setting = "data", .value = setting("batch"), .file = setting("seed"), .problem = "p"}, shout),
      "<data> \\x01batch\\x02: \\x01seed\\x02: p");
}

TEST(Error, CanLeaveOutWhatItIsAbout) {
  EXPECT_EQ(without_file(io_error({.file = "f", .field = "g", .problem = "p"})), "g: p");
  EXPECT_EQ(without_file(io_error({.setting = "output folder", .file = "f", .problem = "p"})), "f: p");
  EXPECT_EQ(without_file(io_error({.setting = "data", .value = "v", .problem = "p"})), "p");
}

TEST(Error, KeepsHostileNamesOnOneLine) {
  const Error error = input_error({.file = "a\nb", .field = "\x1b[2J", .problem = "no"});
  EXPECT_STREQ(error.what(), "a\\x0ab: \\x1b[2J: no");
}

TEST(Error, KeepsHostileWordsInAllPartsOnOneLine) {
  const Error error = input_error({.problem = "no \n" + setting("a") + "\x1b[2J", .expected = "\r", .got = "\x9b\xff"});
  EXPECT_STREQ(error.what(), "no \\x0aa\\x1b[2J (expected \\x0d, got \\x9b\\xff)");
  EXPECT_EQ(without_file(error), "no \\x0a" + setting("a") + "\\x1b[2J (expected \\x0d, got \\x9b\\xff)");
}

TEST(Error, TakesNoMarksFromWordsThatNameNoSetting) {
  EXPECT_STREQ(input_error({.problem = "a\1\x1b[2J\2b", .got = "\1lone"}).what(),
               "a\\x01\\x1b[2J\\x02b (got \\x01lone)");
}

TEST(Error, HasTheExitCodeOfItsKind) {
  EXPECT_EQ(usage_error({}).code(), ExitCode::usage);
  EXPECT_EQ(io_error({}).code(), ExitCode::io);
  EXPECT_EQ(device_error({}).code(), ExitCode::device);
  EXPECT_EQ(numeric_error({}).code(), ExitCode::numeric);
}

TEST(SystemMessage, StartsInLowerCase) {
  EXPECT_EQ(system_message(ENOENT), "no such file or directory");
  EXPECT_EQ(system_message(ENOSPC), "no space left on device");
}

}  // namespace
}  // namespace nib
