#include "engines/device_name.h"

#include <gmock/gmock.h>

namespace nib {
namespace {

using testing::Eq;
using testing::Optional;

TEST(DeviceName, OfAGpuIsMeantByItsOtherNames) {
  for (const char* const name : {"gpu", "GPU", "nvidia", "CUDA", "cuda:", "Gpu:"})
    EXPECT_THAT(meant_device(name), Optional(Eq("cuda"))) << name;
  for (const char* const name : {"gpu1", "gpu:1", "GPU 1", "cuda1", "cuda-1", "CUDA:1"})
    EXPECT_THAT(meant_device(name), Optional(Eq("cuda:1"))) << name;
}

TEST(DeviceName, IsMeantByAMisspeltOne) {
  EXPECT_THAT(meant_device("atuo"), Optional(Eq("auto")));
  EXPECT_THAT(meant_device("CPU"), Optional(Eq("cpu")));
  EXPECT_THAT(meant_device("cdua"), Optional(Eq("cuda")));
}

TEST(DeviceName, IsNotGuessedAtRandom) {
  for (const char* const name : {"", "mps", "tpu0", "cuda:9999", "cuda:-1"})
    EXPECT_EQ(meant_device(name), std::nullopt) << name;
}

}  // namespace
}  // namespace nib
