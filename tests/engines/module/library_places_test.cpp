#include "engines/module/library_places.h"

#include <gmock/gmock.h>

#include "base/temporary_folder.h"
#include "engines/module/fakes.h"

namespace nib::cuda {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

/// Nothing of this machine: what a test wants, it makes below a root of its own.
class LibraryPlaces : public testing::Test {
 protected:
  fs::path folder(const std::string& name) const {
    fs::create_directories(root / name);
    return root / name;
  }
  std::vector<fs::path> places(const std::vector<fs::path>& build_folders = {}) const {
    Requirements needed = fake_requirements();
    needed.cublas_major = 13;
    needed.library_folders = build_folders;
    return library_places(needed, root.path());
  }

  const TemporaryFolder root;
  const fs::path system;  ///< empty: the system's own search
  const Environment nothing{{{"NIB_CUDA_LIBRARIES", std::nullopt},
                             {"CUDA_HOME", std::nullopt},
                             {"CUDA_PATH", std::nullopt},
                             {"VIRTUAL_ENV", std::nullopt},
                             {"CONDA_PREFIX", std::nullopt},
                             {"HOME", std::nullopt},
                             {"PATH", "/nowhere"}}};
};

TEST_F(LibraryPlaces, AreTheSystemsWhereNothingElseIs) { EXPECT_THAT(places(), ElementsAre(system)); }

TEST_F(LibraryPlaces, AreThoseAskedForAndNoOther) {
  folder("usr/local/cuda/lib64");
  const Environment only({{"NIB_CUDA_LIBRARIES", "/a/b::/c"}});
  EXPECT_THAT(places(), ElementsAre("/a/b", "/c"));
}

TEST_F(LibraryPlaces, BeginWithThoseOfTheBuildThatStillExist) {
  const fs::path toolkit = folder("usr/local/cuda/lib64"), built = folder("built");
  EXPECT_THAT(places({built, "/gone/since", toolkit}), ElementsAre(built, toolkit, system));
}

TEST_F(LibraryPlaces, HaveTheToolkitsInOrder) {
  const fs::path home = folder("home/lib64"), path = folder("path/lib"), link = folder("usr/local/cuda/lib64"),
                 older = folder("usr/local/cuda-13.0/lib64"), newer = folder("usr/local/cuda-13.1/lib64");
  const Environment named({{"CUDA_HOME", root / "home"}, {"CUDA_PATH", root / "path"}});
  EXPECT_THAT(places(), ElementsAre(home, path, link, newer, older, system));
}

TEST_F(LibraryPlaces, HaveThePackagesOfPythonWithoutStartingIt) {
  const std::string packages = "lib/python3.12/site-packages/nvidia/";
  const fs::path active = folder("active/" + packages + "cudnn/lib"), on_path = folder("env/" + packages + "cu13/lib"),
                 behind = folder("base/" + packages + "cudnn/lib"),
                 debian = folder("usr/lib/python3/dist-packages/nvidia/cudnn/lib"),
                 local = folder("usr/local/lib/python3.11/dist-packages/nvidia/cu13/lib"),
                 user = folder("me/.local/" + packages + "cudnn/lib");
  folder("env/" + packages + "cublas/lib");  // of an older CUDA
  make_file(folder("base/bin") / "python3", "not started");
  fs::create_symlink(root / "base/bin/python3", folder("env/bin") / "python3");
  const Environment python({{"VIRTUAL_ENV", root / "active"},
                            {"PATH", "/nowhere:" + (root / "env/bin").string() + ":/usr/bin"},
                            {"HOME", root / "me"}});
  EXPECT_THAT(places(), ElementsAre(system, active, on_path, behind, debian, local, user));
}

TEST_F(LibraryPlaces, HaveTheActiveCondaEnvironmentAndItsPackages) {
  const std::string packages = "lib/python3.12/site-packages/nvidia/";
  const fs::path cudnn = folder("conda/" + packages + "cudnn/lib"),
                 virtual_one = folder("env/" + packages + "cu13/lib");
  const Environment conda({{"CONDA_PREFIX", root / "conda"}, {"VIRTUAL_ENV", root / "env"}});
  EXPECT_THAT(places(), ElementsAre(system, root / "conda/lib", virtual_one, cudnn));
}

TEST_F(LibraryPlaces, AreNoneBelowTheFolderThatNibHappensToRunIn) {
  const std::string packages = "lib/python3.12/site-packages/nvidia/cudnn/lib";
  folder("here/" + packages);
  folder("here/.local/" + packages);
  folder("here/lib64");
  make_file(folder("here/bin") / "python3", "not started");
  const fs::path before = fs::current_path();
  fs::current_path(root / "here/bin");
  const Environment relative({{"PATH", ":.:bin:../bin"},
                              {"VIRTUAL_ENV", ".."},
                              {"CONDA_PREFIX", ".."},
                              {"HOME", ".."},
                              {"CUDA_HOME", ".."},
                              {"CUDA_PATH", "../"}});
  EXPECT_THAT(places(), ElementsAre(system));
  fs::current_path(before);
}

TEST_F(LibraryPlaces, AreTold) { EXPECT_EQ(places_text({"/a", system, "/b"}), "/a, the system's libraries and /b"); }

}  // namespace
}  // namespace nib::cuda
