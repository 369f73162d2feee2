#include "cli/flags.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/error.h"

namespace nib {
namespace {

TEST(Flags, AreTheSettingsNamesWithDashes) {
  EXPECT_EQ(flag_of("batch"), "--batch");
  EXPECT_EQ(flag_of("validation split"), "--validation-split");
}

TEST(Flags, MayHaveNamesOfTheirOwn) {
  EXPECT_EQ(flag_of("output folder"), "--out");
  EXPECT_EQ(flag_of("event log"), "--log-json");
}

TEST(Flags, ReplaceMarkedSettingsInATextOnly) {
  EXPECT_EQ(with_flags(setting("network") + " FILE takes a network, batch " + setting("batch")),
            "--network FILE takes a network, batch --batch");
  EXPECT_EQ(with_flags("as it is"), "as it is");
}

TEST(ErrorLine, NamesFlags) {
  const Error error = usage_error({.setting = "data",
                                   .value = "minst",
                                   .problem = "no known data set",
                                   .expected = "what " + setting("data") + " takes"});
  EXPECT_EQ(error_line(error), "--data minst: no known data set (expected what --data takes)");
}

TEST(ErrorLine, IsSafeToPrintWhateverIsThrown) {
  EXPECT_EQ(error_line(std::runtime_error("a\x1b" + setting("batch"))), "a\\x1b\\x01batch\\x02");
}

TEST(ErrorText, HasTheHintOnALineOfItsOwn) {
  EXPECT_EQ(error_text(usage_error({.problem = "p"})), "error: p");
  EXPECT_EQ(error_text(usage_error({.problem = "p", .hint = setting("device") + " cpu,\nor none"})),
            "error: p\nhint: --device cpu,\\x0aor none");
}

}  // namespace
}  // namespace nib
