#include "engines/module/loader.h"

#include <gmock/gmock.h>

#include "base/temporary_folder.h"
#include "engines/module/fakes.h"
#include "engines/module/libraries.h"

namespace nib::cuda {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::string error(const fs::path& folder, const std::string& build_id) {
  const Error found = error_of([&] { load_module({folder}, build_id); });
  EXPECT_EQ(found.code(), ExitCode::device);
  EXPECT_THAT(found.hint(), HasSubstr("device cpu"));
  return found.what();
}

std::string module_in(const std::string& folder) { return "CUDA: " + (fakes() / folder / "libnib_cuda.so").string(); }

TEST(ModuleFolders, LieBesideTheProgram) {
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path();
  EXPECT_THAT(module_folders(), ElementsAre(program, program.parent_path() / "lib/nib"));
}

TEST(LoadModule, SaysThatNibWasBuiltWithoutCuda) {
  EXPECT_EQ(error("/nowhere", "any"), "CUDA: nib was built without CUDA: there is no libnib_cuda.so in /nowhere");
}

TEST(LoadModule, RefusesAModuleOfAnotherBuildBeforeCallingIt) {
  EXPECT_EQ(error(fakes() / "another_build", "0.1.0-0123456789abcdef"),
            module_in("another_build") +
                " belongs to another build of nib (expected 0.1.0-0123456789abcdef, got 0.0.9-00000000deadbeef)");
}

TEST(LoadModule, RefusesWhatIsNoModuleOfNib) {
  EXPECT_EQ(error(fakes() / "without_build_id", "any"),
            module_in("without_build_id") + " is no module of nib: it has no build id");
  EXPECT_EQ(error(fakes() / "without_function", "0.0.9-00000000deadbeef"),
            module_in("without_function") + " lacks its function nib_cuda_make_engine");
}

TEST(LoadModule, SaysWhyAFileCannotBeLoaded) {
  const TemporaryFolder folder;
  make_file(folder / "libnib_cuda.so", "not a library");
  EXPECT_THAT(error(folder.path(), "any"),
              HasSubstr("CUDA: " + (folder / "libnib_cuda.so").string() + " cannot be loaded: "));
}

class LoadedModule : public testing::Test {
 protected:
  static Module load() {
    for (const WantedLibrary& wanted : wanted_libraries(fake_requirements()))
      load_library(wanted, {fakes() / "libraries"});
    return load_module({"/nowhere", fakes() / "lib/nib"}, requirements().build_id);
  }
  const Module module = load();
  std::optional<Failure> failure;
};

TEST_F(LoadedModule, FindsItsLibrariesUnderTheirNames) {
  const std::unique_ptr<ModuleEngine> engine(module.make_engine({.network = digits_network()}, 3, failure));
  ASSERT_TRUE(engine);
  EXPECT_FALSE(failure);
  EXPECT_EQ(engine->description(failure), "cuda:3 Fake GPU, cuDNN 91900, FP32");
}

TEST_F(LoadedModule, HandsFailuresOver) {
  const Environment environment({{"FAKE_ENGINE", "fail at construction"}});
  EXPECT_EQ(module.make_engine({.network = digits_network()}, 0, failure), nullptr);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, ExitCode::device);
  EXPECT_EQ(failure->problem.problem, "out of GPU memory");
  EXPECT_EQ(failure->problem.hint, "a smaller " + setting("batch") + " needs less memory");
}

TEST_F(LoadedModule, TakesALackOfMemoryForNoMistakeOfItsOwn) {
  const Environment environment({{"FAKE_ENGINE", "use up memory"}});
  EXPECT_EQ(module.make_engine({.network = digits_network()}, 0, failure), nullptr);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, ExitCode::io);
  EXPECT_EQ(failure->problem.problem, "out of memory");
}

}  // namespace
}  // namespace nib::cuda
