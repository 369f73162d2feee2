#include "engines/module/driver.h"

#include <gmock/gmock.h>

#include "base/temporary_folder.h"
#include "engines/module/fakes.h"

namespace nib::cuda {
namespace {

using testing::HasSubstr;

class DriverTest : public testing::Test {
 protected:
  static Driver driver() { return Driver(fake_requirements(), fakes() / "driver/libcuda.so.1"); }
  static std::string error(const std::string& settings) {
    const Environment environment({{"FAKE_DRIVER", settings}, {"CUDA_VISIBLE_DEVICES", std::nullopt}});
    return error_of(driver).what();
  }
  static Error error_of_opening(unsigned index, const std::string& settings,
                                const std::optional<std::string>& visible = std::nullopt) {
    const Environment environment({{"FAKE_DRIVER", settings}, {"CUDA_VISIBLE_DEVICES", visible}});
    const Driver started = driver();
    return error_of([&] { started.open(index); });
  }
};

TEST_F(DriverTest, DescribesItsDevices) {
  const Environment environment({{"FAKE_DRIVER", "devices=2 capability=86"}});
  const Driver started = driver();
  EXPECT_EQ(started.cuda_version(), 13010U);
  ASSERT_EQ(started.devices().size(), 2U);
  EXPECT_EQ(started.devices()[1].name, "Fake GPU 1");
  EXPECT_EQ(started.devices()[1].capability, 86U);
  EXPECT_EQ(started.devices()[1].memory_bytes, std::uint64_t{16} << 30);
  EXPECT_NO_THROW(started.open(0));
  EXPECT_NO_THROW(started.open(1));
}

TEST_F(DriverTest, KeepsTheContextOfAnOpenedDeviceUntilItIsReleased) {
  const TemporaryFolder folder;
  const Environment environment({{"FAKE_DRIVER", "devices=2"}, {"FAKE_DRIVER_LOG", folder / "log"}});
  {
    const Driver started = driver();
    EXPECT_EQ(contents(folder / "log"), "");
    started.open(1);
    started.open(0);
    started.release(1);
  }
  EXPECT_EQ(contents(folder / "log"), "+1\n+0\n-1\n");
}

Driver::Choice first_of(const std::string& settings) {
  const Environment environment({{"FAKE_DRIVER", settings}});
  return Driver(fake_requirements(), fakes() / "driver/libcuda.so.1").open_first();
}

TEST_F(DriverTest, OpensTheFirstDeviceThatCanBeUsed) {
  EXPECT_EQ(first_of("devices=2").number, 0U);
  EXPECT_EQ(first_of("devices=2").note, "");
  const Driver::Choice newer = first_of("devices=3 capability0=60");
  EXPECT_EQ(newer.number, 1U);
  EXPECT_EQ(newer.note,
            "taking cuda:1 (Fake GPU 1) in place of cuda:0: this build has no kernels for cuda:0 (Fake GPU 0)");
  EXPECT_EQ(first_of("devices=3 mode0=2 mode1=2").note,
            "taking cuda:2 (Fake GPU 2) in place of cuda:0: the compute mode of cuda:0 (Fake GPU 0) is prohibited");
  EXPECT_EQ(first_of("devices=3 mode=3 context0=46 capability1=60").note,
            "taking cuda:2 (Fake GPU 2) in place of cuda:0: the GPU is busy, and its compute mode lets no other "
            "process in");
}

TEST_F(DriverTest, SaysWhyNoDeviceCanBeUsed) {
  const auto error = [](const std::string& settings) {
    return std::string(error_of([&] { first_of(settings); }).what());
  };
  EXPECT_THAT(error("devices=2 capability=60"), HasSubstr("no kernels for cuda:0 (Fake GPU 0)"));
  EXPECT_EQ(error("devices=3 capability0=60 context1=2 mode2=2"), "CUDA: the GPU's memory is used up")
      << "of the first one that has kernels";
}

TEST_F(DriverTest, LeavesNoContextOnADeviceThatItPassesOver) {
  const TemporaryFolder folder;
  const Environment environment({{"FAKE_DRIVER_LOG", folder / "log"}});
  first_of("devices=3 capability0=60 mode1=2");
  EXPECT_EQ(contents(folder / "log"), "+2\n");
}

TEST_F(DriverTest, NamesAnotherDeviceThatIsFit) {
  const Error error = error_of_opening(0, "devices=2 capability0=60");
  EXPECT_STREQ(error.what(),
               "CUDA: this build has no kernels for cuda:0 (Fake GPU 0) (expected compute capability of 75-real, "
               "80-real, 90-real and 90-virtual, got 6.0)");
  EXPECT_EQ(error.hint(), "device cuda:1 takes the Fake GPU 1, which is fit");
  EXPECT_THAT(error_of_opening(1, "devices=2 capability=60").hint(), HasSubstr("compute capability 7.5 or later"));
  EXPECT_EQ(error_of_opening(1, "devices=3 capability0=60 mode1=2").hint(),
            "device cuda:2 takes the Fake GPU 2, which is fit");
}

TEST_F(DriverTest, IsFoundWithoutBeingStarted) {
  EXPECT_TRUE(driver_is_installed(fakes() / "driver/libcuda.so.1"));
  EXPECT_FALSE(driver_is_installed("libcuda-absent.so.1"));
}

TEST_F(DriverTest, IsMissedWhereThereIsNone) {
  const Error error = error_of([] { Driver(fake_requirements(), "libcuda-absent.so.1"); });
  EXPECT_EQ(error.code(), ExitCode::device);
  EXPECT_STREQ(error.what(), "CUDA: no NVIDIA driver found (expected driver 580.65.06 or later, for CUDA 13)");
  EXPECT_THAT(error.hint(), HasSubstr("device cpu"));
}

TEST_F(DriverTest, IsToldFromAFileThatIsNoLibrary) {
  const TemporaryFolder folder;
  make_file(folder / "libcuda.so.1", "not a library");
  const Error error = error_of([&] { Driver(fake_requirements(), folder / "libcuda.so.1"); });
  EXPECT_THAT(error.what(), HasSubstr("CUDA: the NVIDIA driver's library cannot be loaded: "));
}

TEST_F(DriverTest, IsToldFromAnotherLibrary) {
  const std::filesystem::path other = fakes() / "another_build/libnib_cuda.so";
  EXPECT_EQ(std::string(error_of([&] { Driver(fake_requirements(), other); }).what()),
            "CUDA: " + other.string() + " is no driver of NVIDIA's: it lacks cuDriverGetVersion");
}

TEST_F(DriverTest, IsRefusedWhenTooOldForTheToolkit) {
  const std::string installed = installed_driver_version();
  EXPECT_EQ(error("version=12080"),
            "CUDA: the NVIDIA driver is too old (expected driver 580.65.06 or later, for CUDA 13, got " +
                (installed.empty() ? "one" : "driver " + installed) + ", for CUDA 12.8)");
}

TEST_F(DriverTest, MayBeOfAnyMinorVersionAndNewer) {
  for (const char* const version : {"version=13000", "version=13090", "version=14010"}) {
    const Environment environment({{"FAKE_DRIVER", version}});
    EXPECT_NO_THROW(driver()) << version;
  }
}

TEST_F(DriverTest, PassesOnWhatStartingItSays) {
  EXPECT_EQ(error("init=803"), "CUDA: the NVIDIA driver's library and its kernel module are of different versions");
  EXPECT_EQ(error("init=700"), "CUDA: cuInit gave error 700: an illegal memory access was encountered");
  EXPECT_EQ(error("devices=0"), "CUDA: the NVIDIA driver finds no GPU");
}

TEST_F(DriverTest, KnowsThatAVariableHidesItsDevices) {
  const Environment environment({{"FAKE_DRIVER", "init=100"}, {"CUDA_VISIBLE_DEVICES", "-1"}});
  EXPECT_STREQ(error_of(driver).what(), "CUDA: CUDA_VISIBLE_DEVICES=\"-1\" hides every GPU");
}

TEST_F(DriverTest, RefusesANumberBeyondItsDevices) {
  const Error beyond = error_of_opening(7, "devices=2");
  EXPECT_STREQ(beyond.what(), "device cuda:7: no such device (expected cuda:0 to cuda:1, got cuda:7)");
  EXPECT_EQ(beyond.code(), ExitCode::device);
  const Error hidden = error_of_opening(1, "devices=1", "3");
  EXPECT_STREQ(hidden.what(), "device cuda:1: no such device (expected cuda:0, the only one, got cuda:1)");
  EXPECT_EQ(hidden.problem().hint, "CUDA_VISIBLE_DEVICES=\"3\" hides other GPUs");
}

TEST_F(DriverTest, RefusesAnArchitectureWithoutKernels) {
  const Error old = error_of_opening(0, "capability=61");
  EXPECT_STREQ(old.what(),
               "CUDA: this build has no kernels for cuda:0 (Fake GPU 0) "
               "(expected compute capability of 75-real, 80-real, 90-real and 90-virtual, got 6.1)");
  EXPECT_THAT(old.problem().hint, HasSubstr("7.5 or later"));
}

TEST_F(DriverTest, RefusesADeviceThatMayNotCompute) {
  EXPECT_STREQ(error_of_opening(0, "mode=2").what(), "CUDA: the compute mode of cuda:0 (Fake GPU 0) is prohibited");
  EXPECT_THAT(error_of_opening(0, "devices=2 mode=2").hint(), HasSubstr("nvidia-smi -c DEFAULT"));
}

TEST_F(DriverTest, FindsABusyDeviceByMakingItsContext) {
  EXPECT_STREQ(error_of_opening(0, "mode=3 context=46").what(),
               "CUDA: the GPU is busy, and its compute mode lets no other process in");
  EXPECT_STREQ(error_of_opening(0, "context=2").what(), "CUDA: the GPU's memory is used up");
}

}  // namespace
}  // namespace nib::cuda
