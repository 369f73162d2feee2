#include "engines/module/driver_problems.h"

#include <gmock/gmock.h>

#include "base/temporary_folder.h"
#include "engines/module/fakes.h"

namespace nib::cuda {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

std::string line(int status, const Surroundings& around = {}) {
  const Error error = driver_error(status, "cuInit", "text of the driver", around);
  EXPECT_EQ(error.code(), ExitCode::device);
  EXPECT_FALSE(error.problem().hint.empty());
  return error.what();
}

TEST(DriverError, SaysWhatEachCodeMeans) {
  EXPECT_EQ(line(2), "CUDA: the GPU's memory is used up");
  EXPECT_EQ(line(34), "CUDA: libcuda.so.1 is the toolkit's stub for linking, not a driver");
  EXPECT_EQ(line(46), "CUDA: the GPU is busy, and its compute mode lets no other process in");
  EXPECT_EQ(line(100), "CUDA: the NVIDIA driver finds no GPU");
  EXPECT_EQ(line(214), "CUDA: the GPU's memory has an error that cannot be corrected (ECC)");
  EXPECT_EQ(line(304), "CUDA: the NVIDIA driver does not start (cuInit gave error 304)");
  EXPECT_EQ(line(802), "CUDA: the GPUs' system is not ready");
  EXPECT_EQ(line(803), "CUDA: the NVIDIA driver's library and its kernel module are of different versions");
  EXPECT_EQ(line(804), "CUDA: the forward-compatible libcuda.so.1 that was found does not support this GPU");
  EXPECT_EQ(line(999), "CUDA: the NVIDIA driver does not start (cuInit gave error 999)");
  EXPECT_EQ(line(712), "CUDA: cuInit gave error 712: text of the driver");
}

TEST(DriverError, SaysWhatToDo) {
  EXPECT_THAT(driver_error(803, "cuInit", "", {}).problem().hint, HasSubstr("restart the machine"));
  EXPECT_THAT(driver_error(802, "cuInit", "", {}).problem().hint, HasSubstr("nvidia-fabricmanager"));
  EXPECT_THAT(driver_error(999, "cuInit", "", {}).problem().hint, HasSubstr("modprobe nvidia-uvm"));
}

TEST(DriverError, NamesTheVariableThatHidesEveryGpu) {
  EXPECT_EQ(line(100, {.visible_devices = ""}), "CUDA: CUDA_VISIBLE_DEVICES=\"\" hides every GPU");
  EXPECT_EQ(line(100, {.visible_devices = "9"}), "CUDA: CUDA_VISIBLE_DEVICES=\"9\" hides every GPU");
}

TEST(DriverError, NamesTheDeviceFileThatIsRefused) {
  for (const int status : {100, 304, 999})
    EXPECT_EQ(line(status, {.visible_devices = "0", .refused_device = "/dev/nvidia0"}),
              "CUDA: no permission to read and write /dev/nvidia0");
}

TEST(RefusedDeviceFile, IsOneThatThisUserMayNotUse) {
  const TemporaryFolder folder;
  for (const char* const name : {"nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm", "nvidia-modeset", "null"}) {
    make_file(folder / name, "");
    fs::permissions(folder / name, fs::perms::all);
  }
  EXPECT_EQ(refused_device_file(folder.path()), std::nullopt);
  for (const char* const name : {"nvidia1", "nvidiactl", "nvidia-modeset", "null"})
    fs::permissions(folder / name, fs::perms::none);
  fs::permissions(folder.path(), fs::perms::all);

  const OrdinaryUser user;
  EXPECT_EQ(refused_device_file(folder.path()), folder / "nvidia1");
}

TEST(RefusedDeviceFile, IsNoneWhereThereIsNoFolder) { EXPECT_EQ(refused_device_file("/nowhere/at/all"), std::nullopt); }

}  // namespace
}  // namespace nib::cuda
