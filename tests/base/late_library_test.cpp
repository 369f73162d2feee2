#include "base/late_library.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "base/error.h"

namespace nib {
namespace {

using OneNumber = double(double);

constinit LateLibrary mathematics("libm.so.6", "/nowhere/libm.so");
constinit LateLibrary elsewhere("libnib-nobody-has-it.so.1", "libm.so.6");
constinit LateLibrary missing("libnib-nobody-has-it.so.1", "/nowhere/libnib-nobody-has-it.so");

std::string message_of(const Late<OneNumber>& function) {
  try {
    function(1.0);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::io);
    return error.what();
  }
  return "no error";
}

TEST(LateLibrary, CallsFunctionsAndReadsVariablesOfALibrary) {
  const Late<OneNumber> whole_part(mathematics, "trunc");
  EXPECT_EQ(whole_part(2.5), 2.0);
  EXPECT_EQ(whole_part(-3.5), -3.0);
  OneNumber* const handed_on = whole_part;
  EXPECT_EQ(handed_on(2.5), 2.0);
  const Late<int> sign_of_gamma(mathematics, "signgam");
  std::lgamma(-0.5);
  EXPECT_EQ(sign_of_gamma, -1);
  std::lgamma(0.5);
  EXPECT_EQ(sign_of_gamma, 1);
}

TEST(LateLibrary, TriesTheFileWhereTheLoaderDoesNotKnowTheName) {
  EXPECT_EQ(Late<OneNumber>(elsewhere, "trunc")(2.5), 2.0);
}

TEST(LateLibrary, NamesWhatIsMissing) {
  EXPECT_TRUE(message_of({missing, "trunc"})
                  .starts_with("libnib-nobody-has-it.so.1: the library cannot be loaded: libnib-nobody-has-it.so.1: "))
      << message_of({missing, "trunc"});
  EXPECT_THROW(missing.load(), Error);
  EXPECT_EQ(message_of({mathematics, "nib_has_it"}),
            "libm.so.6: nib_has_it: this version of the library does not have it");
}

}  // namespace
}  // namespace nib
