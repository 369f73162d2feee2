#include "terminal/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
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
    if (null_ >= 0) close(null_);
  }

  int open_null() { return null_ = open("/dev/null", O_WRONLY); }

 private:
  std::map<std::string, std::optional<std::string>> saved_;
  int null_ = -1;
};

/// With a terminal to look at; skips where the system gives out none (a bare chroot has no /dev/pts).
class DescribePseudoTerminal : public DescribeTerminal {
 protected:
  ~DescribePseudoTerminal() override {
    for (const int descriptor : {main_, terminal_})
      if (descriptor >= 0) close(descriptor);
  }
  void SetUp() override {
    main_ = posix_openpt(O_RDWR | O_NOCTTY);
    const char* const name = main_ >= 0 && grantpt(main_) == 0 && unlockpt(main_) == 0 ? ptsname(main_) : nullptr;
    terminal_ = name != nullptr ? open(name, O_RDWR | O_NOCTTY) : -1;
    if (terminal_ < 0) GTEST_SKIP() << "no pseudo-terminals here: " << std::strerror(errno);
  }

  int terminal_of_width(unsigned short columns) {
    const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    EXPECT_EQ(ioctl(terminal_, TIOCSWINSZ, &size), 0);
    return terminal_;
  }

 private:
  int main_ = -1, terminal_ = -1;
};

TEST_F(DescribePseudoTerminal, ATerminalHasItsWidthAndColour) {
  const Terminal terminal = describe_terminal(terminal_of_width(97));
  EXPECT_TRUE(terminal.interactive);
  EXPECT_TRUE(terminal.colour);
  EXPECT_EQ(terminal.columns, 97U);
  EXPECT_TRUE(terminal.breaks_lines);
}

TEST_F(DescribeTerminal, WhatIsNoTerminalIsPlainAndEightyWide) {
  const Terminal terminal = describe_terminal(open_null());
  EXPECT_FALSE(terminal.interactive);
  EXPECT_FALSE(terminal.colour);
  EXPECT_FALSE(terminal.breaks_lines);
  EXPECT_EQ(terminal.columns, 80U);
  EXPECT_FALSE(describe_terminal(-1).interactive);
}

TEST_F(DescribePseudoTerminal, ColumnsOverridesTheWidthWhereItIsANumber) {
  const int terminal = terminal_of_width(97);
  setenv("COLUMNS", "40", 1);
  EXPECT_EQ(describe_terminal(terminal).columns, 40U);
  EXPECT_EQ(describe_terminal(open_null()).columns, 40U);
  for (const char* value : {"", "0", "-5", "wide", "99999999999999999999"}) {
    setenv("COLUMNS", value, 1);
    EXPECT_EQ(describe_terminal(terminal).columns, 97U) << value;
  }
}

TEST_F(DescribePseudoTerminal, AWidthOfZeroMeansUnknown) {
  EXPECT_EQ(describe_terminal(terminal_of_width(0)).columns, 80U);
}

TEST_F(DescribePseudoTerminal, NoColorTakesTheColourOnly) {
  const int terminal = terminal_of_width(80);
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(describe_terminal(terminal).colour);
  EXPECT_TRUE(describe_terminal(terminal).interactive);
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(describe_terminal(terminal).colour);
}

TEST_F(DescribePseudoTerminal, ADumbTerminalCannotRedraw) {
  const int terminal = terminal_of_width(80);
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(describe_terminal(terminal).interactive);
  EXPECT_FALSE(describe_terminal(terminal).colour);
  EXPECT_TRUE(describe_terminal(terminal).breaks_lines);
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
