#include "drawing/text_fit.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

TEST(TextFit, CountsCharactersAndNotBytes) {
  EXPECT_DOUBLE_EQ(estimated_width("naïve", 10), estimated_width("naive", 10));
  EXPECT_DOUBLE_EQ(estimated_width("ab", 20), 4 * estimated_width("a", 10));
}

TEST(TextFit, MakesOnlySmallerWhatIsTooWide) {
  EXPECT_EQ(fitting_size("short", 1000, 12), 12);
  const double size = fitting_size("a rather long text", 50, 12);
  EXPECT_LT(size, 12);
  EXPECT_NEAR(estimated_width("a rather long text", size), 50, 1e-9);
}

}  // namespace
}  // namespace nib
