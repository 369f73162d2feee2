#include "report/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <map>
#include <optional>
#include <string>

namespace nib {
namespace {

/// Sets the variables that describe_terminal() looks at, and puts the old ones back.
class DescribeTerminal : public testing::Test {
 protected:
  DescribeTerminal() {
    for (const char* name : {"TERM", "NO_COLOR", "COLUMNS", "LC_ALL", "LC_CTYPE", "LANG"}) {
      const char* value = getenv(name);
      saved_[name] = value ? std::optional<std::string>(value) : std::nullopt;
      unsetenv(name);
    }
    setenv("TERM", "xterm-256color", 1);
  }
  ~DescribeTerminal() override {
    for (const auto& [name, value] : saved_) value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
    for (const int descriptor : {main_, terminal_, null_})
      if (descriptor >= 0) close(descriptor);
  }

  /// A terminal of so many columns.
  int open_terminal(unsigned short columns) {
    main_ = posix_openpt(O_RDWR | O_NOCTTY);
    EXPECT_GE(main_, 0);
    EXPECT_EQ(grantpt(main_) | unlockpt(main_), 0);
    terminal_ = open(ptsname(main_), O_RDWR | O_NOCTTY);
    EXPECT_GE(terminal_, 0);
    const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    EXPECT_EQ(ioctl(terminal_, TIOCSWINSZ, &size), 0);
    return terminal_;
  }
  int open_null() { return null_ = open("/dev/null", O_WRONLY); }

 private:
  std::map<std::string, std::optional<std::string>> saved_;
  int main_ = -1, terminal_ = -1, null_ = -1;
};

TEST_F(DescribeTerminal, ATerminalHasItsWidthAndColour) {
  const Terminal terminal = describe_terminal(open_terminal(97));
  EXPECT_TRUE(terminal.interactive);
  EXPECT_TRUE(terminal.colour);
  EXPECT_EQ(terminal.columns, 97U);
}

TEST_F(DescribeTerminal, WhatIsNoTerminalIsPlainAndEightyWide) {
  const Terminal terminal = describe_terminal(open_null());
  EXPECT_FALSE(terminal.interactive);
  EXPECT_FALSE(terminal.colour);
  EXPECT_EQ(terminal.columns, 80U);
  EXPECT_FALSE(describe_terminal(-1).interactive);
}

TEST_F(DescribeTerminal, ColumnsOverridesTheWidthWhereItIsANumber) {
  const int terminal = open_terminal(97);
  setenv("COLUMNS", "40", 1);
  EXPECT_EQ(describe_terminal(terminal).columns, 40U);
  EXPECT_EQ(describe_terminal(open_null()).columns, 40U);
  for (const char* value : {"", "0", "-5", "wide", "99999999999999999999"}) {
    setenv("COLUMNS", value, 1);
    EXPECT_EQ(describe_terminal(terminal).columns, 97U) << value;
  }
}

TEST_F(DescribeTerminal, AWidthOfZeroMeansUnknown) { EXPECT_EQ(describe_terminal(open_terminal(0)).columns, 80U); }

TEST_F(DescribeTerminal, NoColorTakesTheColourOnly) {
  const int terminal = open_terminal(80);
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(describe_terminal(terminal).colour);
  EXPECT_TRUE(describe_terminal(terminal).interactive);
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(describe_terminal(terminal).colour);
}

TEST_F(DescribeTerminal, ADumbTerminalCannotRedraw) {
  const int terminal = open_terminal(80);
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(describe_terminal(terminal).interactive);
  EXPECT_FALSE(describe_terminal(terminal).colour);
  unsetenv("TERM");
  EXPECT_FALSE(describe_terminal(terminal).interactive);
}

TEST_F(DescribeTerminal, TheFirstLocaleVariableThatIsSetDecides) {
  const int terminal = open_null();
  EXPECT_TRUE(describe_terminal(terminal).utf8);
  setenv("LANG", "C", 1);
  EXPECT_FALSE(describe_terminal(terminal).utf8);
  setenv("LANG", "en_GB.UTF-8", 1);
  EXPECT_TRUE(describe_terminal(terminal).utf8);
  setenv("LC_CTYPE", "C.utf8", 1);
  EXPECT_TRUE(describe_terminal(terminal).utf8);
  setenv("LC_ALL", "C", 1);
  EXPECT_FALSE(describe_terminal(terminal).utf8);
  setenv("LC_ALL", "", 1);
  EXPECT_TRUE(describe_terminal(terminal).utf8);
}

}  // namespace
}  // namespace nib
