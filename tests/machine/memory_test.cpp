#include "machine/memory.h"

#include <optional>

#include "machine/fake_control_groups.h"

namespace nib {
namespace {

class MemoryGroups : public FakeControlGroups {
 protected:
  std::optional<std::uint64_t> free() const { return free_memory_of_groups(groups()); }
};

TEST_F(MemoryGroups, WithoutFilesSetNoLimit) { EXPECT_EQ(free(), std::nullopt); }

TEST_F(MemoryGroups, OfVersion2LeaveWhatIsNotUsed) {
  belong_to("0::/service\n");
  write("service/memory.max", "1000000\n");
  write("service/memory.current", "300000\n");
  EXPECT_EQ(free(), 700'000u);
}

TEST_F(MemoryGroups, CountWhatFilesTakeAsFree) {
  belong_to("0::/service\n");
  write("service/memory.max", "1000000\n");
  write("service/memory.current", "900000\n");
  write("service/memory.stat", "anon 100000\nfile 800000\ninactive_file 500000\nactive_file 200000\n");
  EXPECT_EQ(free(), 800'000u);
}

TEST_F(MemoryGroups, OfVersion2WithoutALimitSetNone) {
  belong_to("0::/service\n");
  write("service/memory.max", "max\n");
  write("service/memory.current", "300000\n");
  EXPECT_EQ(free(), std::nullopt);
}

TEST_F(MemoryGroups, AboveTheOwnOneCountToo) {
  belong_to("0::/slice/service\n");
  write("slice/service/memory.max", "4000\n");
  write("slice/service/memory.current", "1000\n");
  write("slice/memory.max", "5000\n");
  write("slice/memory.current", "4500\n");
  EXPECT_EQ(free(), 500u);
}

TEST_F(MemoryGroups, OfAContainerAreSeenAtTheRoot) {
  belong_to("0::/\n");
  write("memory.max", "2000\n");
  write("memory.current", "3000\n");
  EXPECT_EQ(free(), 0u) << "more is used than allowed since";
}

TEST_F(MemoryGroups, OfVersion1AreInTheirControllersFolder) {
  belong_to("7:memory:/job\n4:cpu,cpuacct:/job\n");
  write("memory/job/memory.limit_in_bytes", "9000\n");
  write("memory/job/memory.usage_in_bytes", "1000\n");
  write("memory/memory.limit_in_bytes", "9223372036854771712\n");
  write("memory/memory.usage_in_bytes", "5000\n");
  EXPECT_EQ(free(), 8000u);
}

TEST(FreeMemory, OfTheMachineIsWhatItHasAvailableWithItsSwap) {
  const TemporaryFolder folder;
  make_file(folder / "meminfo", "MemTotal:  900 kB\nMemFree:  10 kB\nMemAvailable:  100 kB\nSwapFree:  20 kB\n");
  EXPECT_EQ(free_memory_of_machine(folder / "meminfo"), 120u * 1024);
  make_file(folder / "old", "MemTotal:  900 kB\nMemFree:  10 kB\n");
  EXPECT_EQ(free_memory_of_machine(folder / "old"), std::nullopt);
  EXPECT_EQ(free_memory_of_machine(folder / "absent"), std::nullopt);
}

TEST(FreeMemory, IsThereForThisTest) { EXPECT_GT(free_memory().value_or(1), 0u); }

}  // namespace
}  // namespace nib
