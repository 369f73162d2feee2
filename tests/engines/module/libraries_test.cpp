#include "engines/module/libraries.h"

#include <dlfcn.h>
#include <gmock/gmock.h>

#include "base/temporary_folder.h"
#include "engines/module/fakes.h"

namespace nib::cuda {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Libraries : public testing::Test {
 protected:
  static Error error(const WantedLibrary& wanted, const std::vector<fs::path>& places) {
    Error found = error_of([&] { load_library(wanted, places); });
    EXPECT_EQ(found.code(), ExitCode::device);
    return found;
  }

  /// A cuDNN of its own in `copy`.
  void copy_cudnn(const fs::path& copy) const {
    fs::copy_file(folder / cudnn.file, copy / cudnn.file);
    for (const std::string& part : cudnn.parts) fs::copy_file(folder / part, copy / part);
  }

  const WantedLibrary cudnn = wanted_libraries(fake_requirements()).at(0);
  const WantedLibrary cublas = wanted_libraries(fake_requirements()).at(1);
  const fs::path folder = fakes() / "libraries";
  const Environment settings{{{"FAKE_CUDNN", "91900"}, {"FAKE_CUDNN_CUDA", "13000"}, {"FAKE_CUBLAS", "13"}}};
};

TEST_F(Libraries, AreFoundWithVersionAndPath) {
  const FoundLibrary found = load_library(cudnn, {"/nowhere", folder});
  EXPECT_EQ(found.title, "cuDNN");
  EXPECT_EQ(found.version, "9.19.0 for CUDA 13");
  EXPECT_EQ(found.path, folder / "libcudnn.so.9");
  EXPECT_EQ(load_library(cublas, {folder}).version, "13.1.0");
}

TEST_F(Libraries, NameEveryPlaceWhereTheyAreNot) {
  const Error missing = error(cudnn, {"/a", "/b"});
  EXPECT_STREQ(missing.what(), "CUDA: cuDNN (libcudnn.so.9) not found in /a and /b (expected cuDNN 9 for CUDA 13)");
  EXPECT_THAT(missing.problem().hint, HasSubstr("pip install nvidia-cudnn-cu13 "));
  EXPECT_THAT(missing.problem().hint, HasSubstr("NIB_CUDA_LIBRARIES"));
  EXPECT_STREQ(error(cublas, {"/a"}).what(), "CUDA: cuBLAS (libcublas.so.13) not found in /a (expected cuBLAS 13)");
}

TEST_F(Libraries, MadeForAnotherCudaAreRefusedThoughTheirNameIsTheSame) {
  const Environment other({{"FAKE_CUDNN", "91002"}, {"FAKE_CUDNN_CUDA", "12090"}});
  EXPECT_EQ(std::string(error(cudnn, {folder}).what()),
            "CUDA: " + (folder / "libcudnn.so.9").string() +
                " is no cuDNN that nib can use (expected cuDNN 9 for CUDA 13, got 9.10.2 for CUDA 12)");
}

TEST_F(Libraries, OfAnotherMajorVersionAreRefused) {
  const Environment other({{"FAKE_CUBLAS", "12"}});
  EXPECT_EQ(std::string(error(cublas, {folder}).what()),
            "CUDA: " + (folder / "libcublas.so.13").string() +
                " is no cuBLAS that nib can use (expected cuBLAS 13, got 12.1.0)");
}

TEST_F(Libraries, ThatAreDamagedAreToldWithThePath) {
  const TemporaryFolder damaged;
  make_file(damaged / "libcudnn.so.9", "not a library");
  EXPECT_THAT(error(cudnn, {damaged.path()}).what(),
              HasSubstr("CUDA: " + (damaged / "libcudnn.so.9").string() + " cannot be loaded (expected cuDNN 9"));
}

/// libcudnn.so.9 alone would end the process at the first question.
TEST_F(Libraries, WithAPartMissingAreRefusedBeforeTheyAreCalled) {
  const TemporaryFolder alone;
  fs::copy_file(folder / cudnn.file, alone / cudnn.file);
  const Error error = this->error(cudnn, {alone.path()});
  EXPECT_EQ(std::string(error.what()), "CUDA: " + (alone / "libcudnn_graph.so.9").string() +
                                           ", a part of cuDNN, is missing (expected cuDNN 9 for CUDA 13)");
  EXPECT_THAT(error.problem().hint, HasSubstr("pip install --force-reinstall nvidia-cudnn-cu13)"));
  for (const std::string& part : cudnn.parts) {
    const TemporaryFolder incomplete;
    copy_cudnn(incomplete.path());
    fs::remove(incomplete / part);
    EXPECT_THAT(this->error(cudnn, {incomplete.path()}).what(),
                HasSubstr((incomplete / part).string() + ", a part of cuDNN, is missing"));
  }
}

TEST_F(Libraries, WithAPartThatCannotBeLoadedTellWhy) {
  const TemporaryFolder damaged;
  copy_cudnn(damaged.path());
  fs::remove(damaged / "libcudnn_graph.so.9");
  make_file(damaged / "libcudnn_graph.so.9", "not a library");
  const std::string graph = damaged / "libcudnn_graph.so.9";
  const Error error = this->error(cudnn, {damaged.path()});
  EXPECT_EQ(std::string(error.what()), "CUDA: " + graph + ", a part of cuDNN, cannot be loaded: " + graph +
                                           ": file too short (expected cuDNN 9 for CUDA 13)");
  EXPECT_THAT(error.problem().hint, HasSubstr("libz.so.1"));
}

TEST_F(Libraries, WithAPartMissingLeaveNothingLoadedAndDoNotHideAWholeOneBehindThem) {
  const TemporaryFolder incomplete;
  copy_cudnn(incomplete.path());
  fs::remove(incomplete / cudnn.parts.back());
  EXPECT_EQ(load_library(cudnn, {incomplete.path(), folder}).path, folder / "libcudnn.so.9");
  EXPECT_EQ(dlopen((incomplete / "libcudnn_graph.so.9").c_str(), RTLD_NOW | RTLD_NOLOAD), nullptr);
}

TEST_F(Libraries, AreLoadedWithAllTheirParts) {
  load_library(cudnn, {folder});
  for (const std::string& part : cudnn.parts)
    EXPECT_NE(dlopen((folder / part).c_str(), RTLD_NOW | RTLD_NOLOAD), nullptr) << part;
}

TEST_F(Libraries, OfNewerVersionsAreLoadedWithThePartsThatThoseBring) {
  const TemporaryFolder newer;
  copy_newer_libraries(newer.path());
  ASSERT_NE(dlopen((fakes() / "driver/libcuda.so.1").c_str(), RTLD_NOW), nullptr) << "one part needs it";
  EXPECT_EQ(load_library(cudnn, {newer.path()}).path, newer / "libcudnn.so.9");
  ASSERT_THAT(cudnn.newer_parts, testing::Not(testing::IsEmpty()));
  for (const std::string& part : cudnn.newer_parts)
    EXPECT_NE(dlopen((newer / part).c_str(), RTLD_NOW | RTLD_NOLOAD), nullptr) << part;
}

TEST_F(Libraries, OfNewerVersionsAreRefusedWhereAPartOfTheirsIsDamaged) {
  for (const std::string& part : cudnn.newer_parts) {
    const TemporaryFolder damaged;
    copy_cudnn(damaged.path());
    make_file(damaged / part, "not a library");
    EXPECT_THAT(error(cudnn, {damaged.path()}).what(),
                HasSubstr((damaged / part).string() + ", a part of cuDNN, cannot be loaded: "));
  }
}

TEST_F(Libraries, ThatAreUnfitDoNotHideAFitOneBehindThem) {
  const TemporaryFolder damaged, other;
  make_file(damaged / "libcudnn.so.9", "not a library");
  fs::copy_file(fakes() / "libraries/libcublas.so.13", other / "libcudnn.so.9");
  EXPECT_EQ(load_library(cudnn, {damaged.path(), other.path(), folder}).path, folder / "libcudnn.so.9");
}

}  // namespace
}  // namespace nib::cuda
