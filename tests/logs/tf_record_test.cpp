#include "logs/tf_record.h"

#include <gtest/gtest.h>

#include <string>

namespace nib {
namespace {

/// The bytes are those of TensorBoard's own writer.
TEST(TfRecord, FramesDataByLengthAndChecksums) {
  EXPECT_EQ(tf_record("digits"), std::string("\x06\0\0\0\0\0\0\0"
                                             "\x73\x69\xd5\x37"
                                             "digits"
                                             "\xeb\xce\xde\xb8",
                                             22));
}

TEST(TfRecord, FramesNoDataToo) {
  EXPECT_EQ(tf_record(""), std::string("\0\0\0\0\0\0\0\0"
                                       "\x29\x03\x98\x07"
                                       "\xd8\xea\x82\xa2",
                                       16));
}

}  // namespace
}  // namespace nib
