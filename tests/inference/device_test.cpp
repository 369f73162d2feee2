#include "inference/device.h"

#include <dlfcn.h>
#include <gmock/gmock.h>

#include "base/temporary_folder.h"
#include "engines/module/fakes.h"

namespace nib {
namespace {

using cuda::Environment;
using testing::IsEmpty;
using testing::SizeIs;

/// On a machine whose driver is a stand-in: loaded here, it is found under its name.
class WarmUpOfADevice : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(dlopen((cuda::fakes() / "driver/libcuda.so.1").c_str(), RTLD_NOW | RTLD_LOCAL)) << dlerror();
  }
  /// The contexts that there are when the threads have ended.
  std::string contexts_of(const std::string& device) const {
    std::filesystem::remove(folder / "log");
    warm_up_device({.device = device}).clear();
    return contents(folder / "log");
  }

  const TemporaryFolder folder;
  const std::string architecture = cuda::requirements().architectures.at(0);  // "75-real"
  const Environment driver{{{"FAKE_DRIVER", "devices=2 capability=" + architecture.substr(0, architecture.find('-'))},
                            {"FAKE_DRIVER_LOG", folder / "log"},
                            {"FAKE_DRIVER_GATE", std::nullopt},
                            {"NIB_CUDA_LIBRARIES", cuda::fakes() / "libraries"}}};
};

TEST_F(WarmUpOfADevice, GoesOnBesideOtherWork) {
  const Environment gate({{"FAKE_DRIVER_GATE", folder / "gate"}});
  std::vector<std::jthread> thread = warm_up_device({.device = "cuda:1"});
  EXPECT_THAT(thread, SizeIs(1));
  EXPECT_EQ(contents(folder / "log"), "");
  make_file(folder / "gate", "open");
  thread.clear();
  EXPECT_EQ(contents(folder / "log"), "+1\n");
}

TEST_F(WarmUpOfADevice, IsForTheDeviceThatWillBeUsed) {
  EXPECT_EQ(contexts_of("auto"), "+0\n");
  EXPECT_EQ(contexts_of("cuda"), "+0\n");
  EXPECT_EQ(contexts_of("cuda:1"), "+1\n");
}

TEST_F(WarmUpOfADevice, LeavesWhatFailsToTheEnginesStart) {
  EXPECT_EQ(contexts_of("cuda:7"), "");
  const Environment mixed({{"FAKE_DRIVER", "init=803"}});
  EXPECT_EQ(contexts_of("cuda"), "");
}

TEST_F(WarmUpOfADevice, IsNoneWhereTheCpuComputes) { EXPECT_THAT(warm_up_device({.device = "cpu"}), IsEmpty()); }

}  // namespace
}  // namespace nib
