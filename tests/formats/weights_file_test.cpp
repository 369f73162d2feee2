#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "formats/tiny_file.h"
#include "formats/weights.h"

// What happens to weights as files: missing, too large, in the way.
namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::pair<ExitCode, std::string> failure_to_read(const std::filesystem::path& path) {
  try {
    read_weights(path);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {ExitCode::ok, "was read"};
}

TEST(WeightsFiles, AMissingOneIsAnIoError) {
  const TemporaryFolder folder;
  const auto [code, line] = failure_to_read(folder / "none");
  EXPECT_EQ(code, ExitCode::io);
  EXPECT_EQ(line, (folder / "none").string() + ": cannot open: no such file or directory");
}

TEST(WeightsFiles, ADirectoryIsBadInput) {
  const TemporaryFolder folder;
  EXPECT_EQ(failure_to_read(folder.path()).first, ExitCode::bad_input);
}

TEST(WeightsFiles, ATooLargeOneIsNotEvenRead) {
  const TemporaryFolder folder;
  make_file(folder / "f", "");
  std::filesystem::resize_file(folder / "f", 10'000'000'000);
  const auto [code, line] = failure_to_read(folder / "f");
  EXPECT_EQ(code, ExitCode::bad_input);
  EXPECT_THAT(line, HasSubstr("file too large (expected at most 5,468,709,128 bytes, got 10,000,000,000 bytes)"));
}

TEST(WeightsFiles, AnErrorNamesTheFile) {
  const TemporaryFolder folder;
  make_file(folder / "f", "GGUF");
  EXPECT_EQ(failure_to_read(folder / "f").second,
            (folder / "f").string() + ": wrong format (expected a weights file, got a GGUF file)");
}

TEST(WeightsFiles, AFailedWriteKeepsTheOldOne) {
  const TemporaryFolder folder;
  make_file(folder / "f", "old");
  Parameters parameters = zero_parameters(tiny_network());
  parameters.tensors[1].values[0] = 1.0f / 0.0f;
  try {
    write_weights(folder / "f", tiny_network(), parameters, "", {});
    FAIL() << "was written";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::numeric);
    EXPECT_EQ(error.what(), (folder / "f").string() + ": fc1.bias: holds a number that is not finite");
  }
  EXPECT_EQ(contents(folder / "f"), "old");
  EXPECT_THAT(folder.names(), ElementsAre("f"));
}

}  // namespace
}  // namespace nib
