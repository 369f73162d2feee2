#include "base/new_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "base/watched_files.h"

namespace nib {
namespace {

using test::Call;
using testing::ElementsAre;

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// What the file system refuses as unknown to it.
class NewFile : public testing::TestWithParam<std::vector<Call>> {
 protected:
  NewFile() {
    files_.before = [this](Call call) {
      for (const Call refused : GetParam())
        if (call == refused) return refused == Call::link ? EPERM : EINVAL;
      return 0;
    };
  }

  const TemporaryFolder folder_;
  test::WatchedFiles files_;
  const test::FilesInUse in_use_{files_};
};

TEST_P(NewFile, IsWrittenWhereNothingIs) {
  EXPECT_TRUE(write_new_file(folder_ / "f", bytes("new")));
  EXPECT_EQ(contents(folder_ / "f"), "new");
  EXPECT_THAT(folder_.names(), ElementsAre("f"));
}

TEST_P(NewFile, ReplacesNothing) {
  make_file(folder_ / "f", "old");
  std::filesystem::create_directory(folder_ / "folder");
  std::filesystem::create_symlink("nowhere", folder_ / "link");
  for (const char* name : {"f", "folder", "link"}) EXPECT_FALSE(write_new_file(folder_ / name, bytes("new"))) << name;
  EXPECT_EQ(contents(folder_ / "f"), "old");
  EXPECT_EQ(std::filesystem::read_symlink(folder_ / "link"), "nowhere");
  EXPECT_THAT(folder_.names(), ElementsAre("f", "folder", "link"));
}

// Between the last look at the place and the new name.
TEST_P(NewFile, LeavesWhatComesThereInTheMeantime) {
  const auto refuse = files_.before;
  bool synced = false;
  files_.before = [&](Call call) {
    if (call == Call::sync && !std::exchange(synced, true)) make_file(folder_ / "f", "another's");
    return refuse(call);
  };
  EXPECT_FALSE(write_new_file(folder_ / "f", bytes("new")));
  EXPECT_EQ(contents(folder_ / "f"), "another's");
  EXPECT_THAT(folder_.names(), ElementsAre("f"));
}

TEST_P(NewFile, OfManyWhoWriteItIsOneThatIsWhole) {
  for (int round = 0; round < 20; ++round) {
    const std::string name = "f" + std::to_string(round);
    std::atomic<int> winner = -1, winners = 0;
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i)
      writers.emplace_back([&, i] {
        if (!write_new_file(folder_ / name, bytes(std::string(5000, static_cast<char>('a' + i))))) return;
        winner = i;
        ++winners;
      });
    for (std::thread& writer : writers) writer.join();
    EXPECT_EQ(winners, 1);
    EXPECT_EQ(contents(folder_ / name), std::string(5000, static_cast<char>('a' + winner)));
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, NewFile,
                         testing::Values(std::vector<Call>{}, std::vector<Call>{Call::rename_new},
                                         std::vector<Call>{Call::rename_new, Call::link}));

TEST(NewFileOn, AFileSystemThatFailsLeavesNothing) {
  for (const Call failing : {Call::open, Call::write, Call::sync, Call::rename_new}) {
    const TemporaryFolder folder;
    test::WatchedFiles files;
    files.before = [&](Call call) { return call == failing ? EIO : 0; };
    {
      const test::FilesInUse in_use(files);
      EXPECT_THROW(static_cast<void>(write_new_file(folder / "f", bytes("new"))), Error);
    }
    EXPECT_THAT(folder.names(), testing::IsEmpty());
  }
  const TemporaryFolder folder;
  test::WatchedFiles files;
  files.before = [&](Call call) {
    return call == Call::rename_new || call == Call::link ? ENOSYS : call == Call::rename ? EIO : 0;
  };
  const test::FilesInUse in_use(files);
  EXPECT_THROW(static_cast<void>(write_new_file(folder / "f", bytes("new"))), Error);
  EXPECT_THAT(folder.names(), testing::IsEmpty()) << "the empty file that had the name is gone";
}

}  // namespace
}  // namespace nib
