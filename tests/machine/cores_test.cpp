#include "machine/cores.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "machine/fake_control_groups.h"

namespace nib {
namespace {

TEST(CoreList, NamesEachCoreOfTheMask) {
  const std::string list = core_list();
  ASSERT_FALSE(list.empty());
  EXPECT_GE(static_cast<unsigned>(std::ranges::count(list, ' ')) + 1, usable_cores());
}

class CpuGroups : public FakeControlGroups {
 protected:
  std::optional<double> cores() const { return quota_cores(groups()); }
};

TEST_F(CpuGroups, WithoutFilesSetNoLimit) { EXPECT_EQ(cores(), std::nullopt); }

TEST_F(CpuGroups, OfVersion2SetAQuota) {
  belong_to("0::/service\n");
  write("service/cpu.max", "150000 100000\n");
  EXPECT_EQ(cores(), 1.5);
}

TEST_F(CpuGroups, OfVersion2WithoutAQuotaSetNoLimit) {
  belong_to("0::/service\n");
  write("service/cpu.max", "max 100000\n");
  EXPECT_EQ(cores(), std::nullopt);
}

TEST_F(CpuGroups, AboveTheOwnOneCountToo) {
  belong_to("0::/slice/service\n");
  write("slice/service/cpu.max", "400000 100000\n");
  write("slice/cpu.max", "50000 100000\n");
  write("cpu.max", "max 100000\n");
  EXPECT_EQ(cores(), 0.5);
}

TEST_F(CpuGroups, OfAContainerAreSeenAtTheRoot) {
  belong_to("0::/\n");
  write("cpu.max", "200000 100000\n");
  EXPECT_EQ(cores(), 2.0);
}

TEST_F(CpuGroups, OfVersion1SetAQuotaInTheirControllersFolder) {
  belong_to("7:memory:/job\n4:cpu,cpuacct:/job\n");
  write("cpu,cpuacct/job/cpu.cfs_quota_us", "300000\n");
  write("cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cores(), 3.0);
}

TEST_F(CpuGroups, OfVersion1WithoutAQuotaSetNoLimit) {
  belong_to("4:cpu:/job\n");
  write("cpu/job/cpu.cfs_quota_us", "-1\n");
  write("cpu/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cores(), std::nullopt);
}

TEST_F(CpuGroups, WithNonsenseInTheirFilesSetNoLimit) {
  belong_to("nonsense\n0::/service\n");
  write("service/cpu.max", "0 0\n");
  EXPECT_EQ(cores(), std::nullopt);
}

TEST(UsableCores, AreAtLeastOne) { EXPECT_GE(usable_cores(), 1u); }

}  // namespace
}  // namespace nib
