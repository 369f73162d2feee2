// The library finds what was installed with it from its own place, whatever loads it from wherever.

#include <gmock/gmock.h>

#include <cstdlib>
#include <string>

#include "commands/small_set.h"
#include "library/bars.h"
#include "tests/places.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

/// A host of the library that has no data of its own.
class Host : public Program {
 public:
  Host(const std::vector<std::string>& arguments, const fs::path& folder) : Program(arguments) {
    from(NIB_LIBRARY_HOST);
    in(folder);
    with_environment("NIB_DATA", "");
    with_environment("XDG_CACHE_HOME", folder.string());
  }
};

class LibraryPlace : public testing::Test {
 protected:
  LibraryPlace() {
    fs::create_directories(root / "elsewhere");
    make_file(root / "network.json", dropout_network);
  }
  /// The library in `folder`, and MNIST in `data`.
  void place(const std::string& folder, const std::string& data) const {
    fs::create_directories(root / folder);
    fs::create_directories(root / data);
    fs::create_directory_symlink(fs::path(NIB_DATA_SOURCE) / "mnist", root / data / "mnist");
    fs::copy_file(NIB_LIBRARY, root / folder / "libnib.so.1");
  }
  /// How training on MNIST ends with the library that is named so in the folder `elsewhere`.
  Ending trained_with(const std::string& library) const {
    return Host({library, "train", (root / "network.json").string(), (root / "weights").string()}, root / "elsewhere")
        .run();
  }
  const TemporaryFolder root;
};

TEST_F(LibraryPlace, FindsTheDataOfItsPrefix) {
  place("prefix/lib", "prefix/share/nib");
  const Ending ending = trained_with((root / "prefix/lib/libnib.so.1").string());
  EXPECT_EQ(ending.code, 0) << ending.output;
  EXPECT_EQ(ending.output.size(), 65U);
  fs::rename(root / "prefix", root / "moved");
  fs::create_symlink(root / "moved/lib/libnib.so.1", root / "link.so");
  EXPECT_EQ(trained_with("../link.so").output, ending.output);  // relative, and a link
}

TEST_F(LibraryPlace, FindsItWithAFolderForTheArchitecture) {
  place("usr/lib/x86_64-linux-gnu", "usr/share/nib");
  EXPECT_EQ(trained_with((root / "usr/lib/x86_64-linux-gnu/libnib.so.1").string()).code, 0);
}

TEST_F(LibraryPlace, SaysWhereItLooked) {
  place("alone/lib", "nowhere");
  const Ending ending = trained_with((root / "alone/lib/libnib.so.1").string());
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.output,
              StartsWith("data mnist: MNIST was not found; looked in " + (root / "alone/data/mnist").string() + ", " +
                         (root / "alone/share/nib/mnist").string()));
}

/// Whose machine has an NVIDIA GPU of which everything is a stand-in, and the module of the library's prefix.
Ending classified_on(const std::string& device, const std::string& driver, const fs::path& folder) {
  const fs::path fakes = NIB_CUDA_FAKES, library = fakes / "lib" / "libnib.so.1";
  std::string libraries = (fakes / "driver").string();
  if (const char* const others = std::getenv("LD_LIBRARY_PATH")) libraries.append(":").append(others);
  return Host({library.string(), "classify", device, trained_weights()}, folder)
      .with_environment("LD_LIBRARY_PATH", libraries)
      .with_environment("NIB_CUDA_LIBRARIES", (fakes / "libraries").string())
      .with_environment("FAKE_DRIVER", driver)
      .run();
}

TEST_F(LibraryPlace, FindsTheCudaModuleOfItsPrefix) {
  const Ending ending = classified_on("cuda", "capability=90", root.path());
  EXPECT_EQ(ending.code, 0) << ending.output;
  EXPECT_THAT(ending.output, StartsWith("cuda"));
}

TEST_F(LibraryPlace, WhereTheGpuCannotBeUsedSaysWhyAsTheProgramDoes) {
  const Ending ending = classified_on("cuda", "capability=90 init=100", root.path());
  EXPECT_EQ(ending.code, 5);
  EXPECT_THAT(ending.output, StartsWith("CUDA: "));
  EXPECT_THAT(ending.output, HasSubstr("\n"));
  const Ending automatic = classified_on("auto", "capability=90 init=100", root.path());
  EXPECT_EQ(automatic.code, 0) << automatic.output;
  EXPECT_THAT(automatic.output, StartsWith("cpu"));
}

}  // namespace
}  // namespace nib
