#include "encodings/base64.h"

#include <gtest/gtest.h>

#include <string>

namespace nib {
namespace {

std::string encoded(const std::string& text) {
  return to_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// The vectors of RFC 4648, section 10.
TEST(Base64, EncodesAsTheStandardSays) {
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(Base64, HasNoLineBreaks) {
  const std::string text = encoded(std::string(300, '\xff'));
  EXPECT_EQ(text.size(), 400u);
  EXPECT_EQ(text.find_first_not_of('/'), std::string::npos);
}

}  // namespace
}  // namespace nib
