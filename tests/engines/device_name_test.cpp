#include "engines/device_name.h"

#include <gmock/gmock.h>

namespace nib {
namespace {

using testing::Eq;
using testing::Optional;

TEST(DeviceName, OfAGpuMayBeGpu) {
  EXPECT_EQ(parse_device_name("gpu"), parse_device_name("cuda"));
  EXPECT_EQ(parse_device_name("gpu:1"), parse_device_name("cuda:1"));
  EXPECT_NE(parse_device_name("gpu:0"), parse_device_name("gpu")) << "which takes any that is fit";
  for (const char* const name : {"gpu:", "gpu:1024", "gpu:-1", "gpus", "gpu1"})
    EXPECT_EQ(parse_device_name(name), std::nullopt) << name;
}

TEST(DeviceName, IsRecordedInOneWay) {
  EXPECT_EQ(to_text({.kind = DeviceName::Kind::automatic}), "auto");
  EXPECT_EQ(to_text({.kind = DeviceName::Kind::cpu}), "cpu");
  EXPECT_EQ(to_text(parse_device_name("gpu").value()), "cuda");
  EXPECT_EQ(to_text(parse_device_name("gpu:01").value()), "cuda:1");
}

TEST(DeviceName, OfAGpuIsMeantByItsMisspeltOnes) {
  for (const char* const name : {"GPU", "nvidia", "CUDA", "cuda:", "Gpu:"})
    EXPECT_THAT(meant_device(name), Optional(Eq("cuda"))) << name;
  for (const char* const name : {"gpu1", "GPU:1", "GPU 1", "cuda1", "cuda-1", "CUDA:1"})
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
