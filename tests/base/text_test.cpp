#include "base/text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace nib {
namespace {

TEST(Printable, KeepsOrdinaryText) {
  EXPECT_EQ(printable("runs/2026/model.safetensors"), "runs/2026/model.safetensors");
  EXPECT_EQ(printable("Stiefelhöhe 靴 🥾"), "Stiefelhöhe 靴 🥾");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, EscapesWhatMovesATerminal) {
  EXPECT_EQ(printable("a\nb\tc\x1b[31m\x7f"), "a\\x0ab\\x09c\\x1b[31m\\x7f");
  EXPECT_EQ(printable(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b") << "the one-character CSI";
  EXPECT_EQ(printable(std::string("\xe2\x80") + "\xae"), "\\xe2\\x80\\xae") << "right-to-left override";
  EXPECT_EQ(printable("\xe2\x80\xa8"), "\\xe2\\x80\\xa8") << "line separator";
}

TEST(Printable, EscapesInvalidUtf8) {
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("\xc3"), "\\xc3") << "cut short";
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "surrogate";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
  EXPECT_EQ(printable("\x80x"), "\\x80x") << "continuation without a lead";
}

TEST(Printable, CutsLongTextBetweenCharacters) {
  EXPECT_EQ(printable("12345", 5), "12345");
  EXPECT_EQ(printable("123456", 5), "12...");
  EXPECT_EQ(printable("ééé", 5), "é...");
  EXPECT_EQ(printable("\x01\x01\x01", 8), "\\x01...");
}

TEST(WithCommas, GroupsThrees) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(54000), "54,000");
  EXPECT_EQ(counted(0, "run"), "0 runs");
  EXPECT_EQ(counted(1, "run"), "1 run");
  EXPECT_EQ(counted(1024, "run"), "1,024 runs");
  EXPECT_EQ(with_commas(1234567), "1,234,567");
  EXPECT_EQ(with_commas(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(ParseUnsigned, ReadsWholeDecimals) {
  EXPECT_EQ(parse_unsigned("0"), 0u);
  EXPECT_EQ(parse_unsigned("5"), 5u);
  EXPECT_EQ(parse_unsigned("010"), 10u) << "not octal";
  EXPECT_EQ(parse_unsigned("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(ParseUnsigned, RefusesEverythingElse) {
  for (const char* text : {"", " ", " 5", "5 ", "+5", "-1", "-0", "0x10", "1e3", "5.0", "5,000", "five", "5a",
                           "18446744073709551616", "99999999999999999999999999"})
    EXPECT_EQ(parse_unsigned(text), std::nullopt) << '"' << text << '"';
  EXPECT_EQ(parse_unsigned(std::string_view("5\0", 2)), std::nullopt);
}

TEST(ParseNumber, ReadsDecimals) {
  EXPECT_EQ(parse_number("0.1"), 0.1);
  EXPECT_EQ(parse_number("1e-3"), 0.001);
  EXPECT_EQ(parse_number("1E3"), 1000.0);
  EXPECT_EQ(parse_number("-2"), -2.0);
  EXPECT_EQ(parse_number("010"), 10.0);
  EXPECT_EQ(parse_number("0"), 0.0);
  EXPECT_EQ(parse_number("0e-999"), 0.0);
  EXPECT_EQ(parse_number("1e-50"), 1e-50);
  EXPECT_EQ(parse_number("1e99"), 1e99);
}

TEST(ParseNumber, RefusesEverythingElse) {
  for (const char* text : {"",      " 1", "1 ",  "+1",    "nan", "NaN", "-nan", "inf",   "-inf",   "infinity", "0x10",
                           "0x1p3", "1e", "1,5", "1.2.3", "one", "1f",  "--1",  "1e999", "-1e999", "1e-999"})
    EXPECT_EQ(parse_number(text), std::nullopt) << '"' << text << '"';
}

TEST(Nearest, FindsTheWordThatWasMeant) {
  const std::vector<std::string> flags = {"--epochs", "--batch", "--learning-rate", "--seed", "-q"};
  EXPECT_EQ(nearest("--epoch", flags), "--epochs");
  EXPECT_EQ(nearest("--bacth", flags), "--batch") << "a swap is one slip";
  EXPECT_EQ(nearest("--learning_rate", flags), "--learning-rate");
  EXPECT_EQ(nearest("--seed", flags), "--seed");
}

TEST(Nearest, SaysNothingWhereNothingIsNear) {
  const std::vector<std::string> flags = {"--epochs", "--batch", "-q"};
  EXPECT_EQ(nearest("--verbose", flags), std::nullopt);
  EXPECT_EQ(nearest("-x", flags), std::nullopt);
  EXPECT_EQ(nearest("", flags), std::nullopt);
  EXPECT_EQ(nearest("word", {}), std::nullopt);
}

TEST(Nearest, TakesTheFirstOfEquals) {
  const std::vector<std::string> words = {"train", "brain"};
  EXPECT_EQ(nearest("grain", words), "train");
}

TEST(JoinWords, ReadsAsASentence) {
  EXPECT_EQ(join_words({}), "");
  EXPECT_EQ(join_words(std::vector<std::string>{"a"}), "a");
  EXPECT_EQ(join_words(std::vector<std::string>{"a", "b"}), "a and b");
  EXPECT_EQ(join_words(std::vector<std::string>{"a", "b", "c"}), "a, b and c");
}

}  // namespace
}  // namespace nib
