// The program knows no path of the machine that built it: it finds its data from where it lies itself.

#include <gmock/gmock.h>

#include "commands/program.h"
#include "tests/places.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// `nib data list` of a copy of the program, where no other place can have data.
std::string listed_by(const fs::path& program, const fs::path& empty) {
  return Program({"data", "list"})
      .from(program)
      .in(empty)
      .with_environment("NIB_DATA", "")
      .with_environment("XDG_CACHE_HOME", empty.string())
      .run()
      .output;
}

class MovedProgram : public testing::Test {
 protected:
  /// The program in `folder`, and MNIST in `data`.
  fs::path place(const std::string& folder, const std::string& data) const {
    fs::create_directories(root_ / folder);
    fs::create_directories(root_ / data);
    fs::create_directories(root_ / "empty");
    fs::create_directory_symlink(fs::path(NIB_DATA_SOURCE) / "mnist", root_ / data / "mnist");
    fs::copy_file(NIB_PROGRAM, root_ / folder / "nib");
    return root_ / folder / "nib";
  }
  const TemporaryFolder root_;
};

TEST_F(MovedProgram, FindsTheDataOfItsClone) {
  const fs::path program = place("clone/build", "clone/data");
  EXPECT_THAT(listed_by(program, root_ / "empty"), HasSubstr((root_ / "clone/data/mnist").string() + "\n"));
  fs::rename(root_ / "clone", root_ / "renamed");
  EXPECT_THAT(listed_by(root_ / "renamed/build/nib", root_ / "empty"),
              HasSubstr((root_ / "renamed/data/mnist").string() + "\n"));
  fs::create_symlink(root_ / "renamed/build/nib", root_ / "nib");
  EXPECT_THAT(listed_by(root_ / "nib", root_ / "empty"), HasSubstr((root_ / "renamed/data/mnist").string() + "\n"));
}

TEST_F(MovedProgram, FindsTheDataOfItsInstallation) {
  const fs::path program = place("prefix/bin", "prefix/share/nib");
  EXPECT_THAT(listed_by(program, root_ / "empty"), HasSubstr((root_ / "prefix/share/nib/mnist").string() + "\n"));
}

TEST_F(MovedProgram, WithoutDataSaysWhereToPutThem) {
  const fs::path program = place("alone/build", "elsewhere");
  EXPECT_THAT(listed_by(program, root_ / "empty"), HasSubstr("mnist    MNIST          not found (hint: "));
}

#ifdef NIB_RELEASE
// Debuggers and sanitizers are told the paths of sources; the release is not.
TEST(Program, HoldsNoPathOfItsSources) { EXPECT_THAT(contents(NIB_PROGRAM), Not(HasSubstr(NIB_SOURCE))); }
#endif

}  // namespace
}  // namespace nib
