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

TEST(Error, KeepsHostileNamesOnOneLine) {
  const Error error = input_error({.file = "a\nb", .field = "\x1b[2J", .problem = "no"});
  EXPECT_STREQ(error.what(), "a\\x0ab: \\x1b[2J: no");
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
