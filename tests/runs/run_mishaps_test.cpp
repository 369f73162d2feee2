// Every call of a run's folder that can fail does so in turn, and the power goes after each of them.

#include <fcntl.h>
#include <gmock/gmock.h>

#include <cerrno>

#include "base/mishap_figures.h"
#include "base/recorded_files.h"
#include "base/temporary_folder.h"
#include "base/watched_files.h"
#include "runs/small_run.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using test::Call;
using test::RecordedFiles;
using test::what_is_wrong;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr float old_weight = 0.25F, new_weight = 0.5F;

/// What can befall a call: an errno, or a write of one byte.
struct Mishap {
  const char* name;
  int error;
  bool lasts = false;  ///< as a full disk does, until the end
};
constexpr Mishap mishaps[] = {{"ENOSPC", ENOSPC},
                              {"EIO", EIO},
                              {"EDQUOT", EDQUOT},
                              {"EINTR", EINTR},
                              {"EROFS", EROFS},
                              {"ShortWrite", 0},
                              {"FullDisk", ENOSPC, true},
                              {"BrokenDisk", EIO, true},
                              {"ReadOnlyDisk", EROFS, true}};

/// A full disk can still give room back.
bool needs_room(Call call) {
  return call == Call::open || call == Call::write || call == Call::sync || call == Call::symlink ||
         call == Call::mkdir;
}

class Failing : public test::WatchedFiles {
 public:
  Failing(std::size_t at, const Mishap& mishap) {
    before = [this, at, mishap](Call call) {
      const bool now = calls++ == at;
      if (now && mishap.error == 0) longest_write = 1;
      struck = struck || now;
      return now || (mishap.lasts && calls > at && (mishap.error != ENOSPC || needs_room(call))) ? mishap.error : 0;
    };
  }
  std::size_t calls = 0;
  bool struck = false;
};

class RunMishap : public testing::TestWithParam<Mishap> {
 protected:
  ~RunMishap() override { test::tell_figures(std::to_string(strikes) + " times a call failed"); }
  /// The calls to be tried: all, or a sample that is another for each error.
  std::size_t step = test::figures_file() != nullptr ? 1 : 4;
  std::size_t first = static_cast<std::size_t>(GetParam().error) % step;

  /// Whether the call of this number is still made.
  bool strike(const fs::path& folder, std::size_t at) {
    Failing files(at, GetParam());
    {
      const test::FilesInUse failing(files);
      ending = test::small_run(folder, new_weight);
    }
    strikes += files.struck;
    return files.struck;
  }
  void check(const fs::path& folder) const {
    bool finished = false;
    EXPECT_THAT(ending.code, AnyOf(0, 4)) << ending.error;
    // A disk that fails on and on may leave an older record of the files that were there when it was written.
    EXPECT_EQ(what_is_wrong(folder, &finished), "");
    EXPECT_TRUE(finished || ending.code != 0);
    EXPECT_THAT(ending.error + ending.warnings, Not(HasSubstr("internal")));
  }
  test::WatchedFiles without_syncs;
  const test::FilesInUse in_use{without_syncs};
  test::SmallRunEnding ending;
  std::size_t strikes = 0;
};

TEST_P(RunMishap, AtAnyCallOfANewRunIsToldAndLeavesWholeFiles) {
  for (std::size_t at = first;; at += step) {
    SCOPED_TRACE("call " + std::to_string(at));
    const TemporaryFolder folder;
    if (!strike(folder / "runs/new", at)) break;
    check(folder / "runs/new");
    if (!GetParam().lasts) {
      EXPECT_EQ(test::small_run(folder / "runs/new", new_weight).code, 0);
      EXPECT_EQ(test::remains_in(folder.path()), "");
    }
  }
}

TEST_P(RunMishap, AtAnyCallLeavesAnEarlierRunOrAllOfTheNewOne) {
  for (std::size_t at = first;; at += step) {
    SCOPED_TRACE("call " + std::to_string(at));
    const TemporaryFolder folder;
    ASSERT_EQ(test::small_run(folder / "run", old_weight).code, 0);
    const std::string old_record = contents(folder / "run/run.json");
    if (!strike(folder / "run", at)) break;
    check(folder / "run");
    bool finished = false;
    what_is_wrong(folder / "run", &finished);
    EXPECT_TRUE(finished || contents(folder / "run/run.json") != old_record) << "the earlier run is not whole";
  }
}

INSTANTIATE_TEST_SUITE_P(AllCalls, RunMishap, testing::ValuesIn(mishaps),
                         [](const auto& mishap) { return mishap.param.name; });

class PowerLoss : public testing::Test {
 protected:
  ~PowerLoss() override { test::tell_figures(std::to_string(checked) + " states of the disk after a power loss"); }
  void check_all(const RecordedFiles& files, const std::string& run) {
    using Luck = RecordedFiles::Luck;
    std::vector<std::pair<Luck, unsigned>> all{
        {Luck::nothing, 0}, {Luck::names_without_bytes, 0}, {Luck::bytes_without_names, 0}, {Luck::everything, 0}};
    const unsigned seeds = test::figures_file() != nullptr ? 20 : 2;
    for (unsigned seed = 1; seed <= seeds; ++seed) all.emplace_back(Luck::some, seed);
    for (std::size_t calls = 0; calls <= files.calls(); ++calls)
      for (const auto& [luck, seed] : all) {
        SCOPED_TRACE("after " + std::to_string(calls) + " calls, luck " + std::to_string(static_cast<int>(luck)) +
                     ", seed " + std::to_string(seed));
        const TemporaryFolder disk;
        files.after_power_loss(calls, luck, seed, disk.path());
        EXPECT_EQ(what_is_wrong(disk / run), "");
        check_files(files, disk / run);
        ++checked;
      }
    const TemporaryFolder disk;
    files.after_power_loss(files.calls(), Luck::nothing, 0, disk.path());
    bool finished = false;
    what_is_wrong(disk / run, &finished);
    EXPECT_TRUE(finished) << "a run that has ended is on the disk";
  }
  /// Each file is as it was written once.
  static void check_files(const RecordedFiles& files, const fs::path& folder) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(".")) continue;  // temporary files and the lock
      EXPECT_TRUE(files.versions(name).contains(contents(entry.path()))) << name << " is not whole";
    }
  }
  std::size_t checked = 0;
};

TEST_F(PowerLoss, LeavesAWholeRunOrNone) {
  const TemporaryFolder folder;
  RecordedFiles files(folder.path());
  {
    const test::FilesInUse in_use(files);
    ASSERT_EQ(test::small_run(folder / "sweep/run", new_weight).code, 0);
  }
  check_all(files, "sweep/run");
}

TEST_F(PowerLoss, LeavesTheEarlierRunOrTheNewOneOrNone) {
  const TemporaryFolder folder;
  ASSERT_EQ(test::small_run(folder / "run", old_weight).code, 0);
  RecordedFiles files(folder.path());
  {
    const test::FilesInUse in_use(files);
    ASSERT_EQ(test::small_run(folder / "run", new_weight).code, 0);
  }
  check_all(files, "run");
}

TEST_F(PowerLoss, LeavesALatestLinkThatPointsToARun) {
  const TemporaryFolder folder;
  ASSERT_EQ(test::small_run(folder / "runs/one", old_weight).code, 0);
  RecordedFiles files(folder.path());
  {
    const test::FilesInUse in_use(files);
    ASSERT_EQ(test::small_run(folder / "runs/two", new_weight).code, 0);
  }
  for (std::size_t calls = 0; calls <= files.calls(); ++calls)
    for (unsigned seed = 0; seed < 4; ++seed) {
      const TemporaryFolder disk;
      files.after_power_loss(calls, seed == 0 ? RecordedFiles::Luck::nothing : RecordedFiles::Luck::some, seed,
                             disk.path());
      ++checked;
      EXPECT_TRUE(fs::is_directory(disk / "runs/latest")) << "after " << calls << " calls, seed " << seed;
    }
  const TemporaryFolder disk;
  files.after_power_loss(files.calls(), RecordedFiles::Luck::nothing, 0, disk.path());
  EXPECT_EQ(fs::read_symlink(disk / "runs/latest"), "two");
}

/// A program that never syncs.
class WithoutSyncs : public RecordedFiles {
 public:
  using RecordedFiles::RecordedFiles;
  int sync(int) override { return 0; }
};

TEST_F(PowerLoss, WouldShowASyncThatIsMissing) {
  const TemporaryFolder folder;
  WithoutSyncs files(folder.path());
  {
    const test::FilesInUse in_use(files);
    ASSERT_EQ(test::small_run(folder / "run", new_weight).code, 0);
  }
  const TemporaryFolder disk;
  files.after_power_loss(files.calls(), RecordedFiles::Luck::names_without_bytes, 0, disk.path());
  EXPECT_NE(what_is_wrong(disk / "run"), "");
}

}  // namespace
}  // namespace nib
