#include "machine/cores.h"

#include <gtest/gtest.h>

#include "base/temporary_folder.h"

namespace nib {
namespace {

/// A stand-in of /proc/self/cgroup and of the groups' folders.
class Groups : public testing::Test {
 protected:
  void belong_to(const std::string& text) { make_file(folder_ / "membership", text); }
  void write(const std::string& file, const std::string& text) {
    const std::filesystem::path path = folder_ / ("groups/" + file);
    std::filesystem::create_directories(path.parent_path());
    make_file(path, text);
  }
  std::optional<double> cores() const { return quota_cores(folder_ / "membership", folder_ / "groups"); }

 private:
  TemporaryFolder folder_;
};

TEST_F(Groups, WithoutFilesSetNoLimit) { EXPECT_EQ(cores(), std::nullopt); }

TEST_F(Groups, OfVersion2SetAQuota) {
  belong_to("0::/service\n");
  write("service/cpu.max", "150000 100000\n");
  EXPECT_EQ(cores(), 1.5);
}

TEST_F(Groups, OfVersion2WithoutAQuotaSetNoLimit) {
  belong_to("0::/service\n");
  write("service/cpu.max", "max 100000\n");
  EXPECT_EQ(cores(), std::nullopt);
}

TEST_F(Groups, AboveTheOwnOneCountToo) {
  belong_to("0::/slice/service\n");
  write("slice/service/cpu.max", "400000 100000\n");
  write("slice/cpu.max", "50000 100000\n");
  write("cpu.max", "max 100000\n");
  EXPECT_EQ(cores(), 0.5);
}

TEST_F(Groups, OfAContainerAreSeenAtTheRoot) {
  belong_to("0::/\n");
  write("cpu.max", "200000 100000\n");
  EXPECT_EQ(cores(), 2.0);
}

TEST_F(Groups, OfVersion1SetAQuotaInTheirControllersFolder) {
  belong_to("7:memory:/job\n4:cpu,cpuacct:/job\n");
  write("cpu,cpuacct/job/cpu.cfs_quota_us", "300000\n");
  write("cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cores(), 3.0);
}

TEST_F(Groups, OfVersion1WithoutAQuotaSetNoLimit) {
  belong_to("4:cpu:/job\n");
  write("cpu/job/cpu.cfs_quota_us", "-1\n");
  write("cpu/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cores(), std::nullopt);
}

TEST_F(Groups, WithNonsenseInTheirFilesSetNoLimit) {
  belong_to("nonsense\n0::/service\n");
  write("service/cpu.max", "0 0\n");
  EXPECT_EQ(cores(), std::nullopt);
}

TEST(UsableCores, AreAtLeastOne) { EXPECT_GE(usable_cores(), 1u); }

}  // namespace
}  // namespace nib
