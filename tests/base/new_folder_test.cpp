#include "base/new_folder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/temporary_file.h"
#include "base/temporary_folder.h"
#include "base/watched_files.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Everything in a folder and its folders, sorted.
std::vector<std::string> all_names(const TemporaryFolder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
    names.push_back(entry.path().lexically_relative(folder.path()).string());
  std::ranges::sort(names);
  return names;
}

NewFolder::Bytes bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(NewFolder, IsThereOnceItIsWhole) {
  const TemporaryFolder folder;
  {
    NewFolder made(folder / "a" / "set");
    made.write("f", {bytes("one, "), bytes("two")});
    made.make_folder("inner");
    made.write("inner/g", {bytes("three")});
    EXPECT_FALSE(fs::exists(folder / "a" / "set"));
    made.put_in_place();
  }
  EXPECT_EQ(contents(folder / "a" / "set" / "f"), "one, two");
  EXPECT_EQ(contents(folder / "a" / "set" / "inner" / "g"), "three");
  EXPECT_THAT(all_names(folder), ElementsAre("a", "a/set", "a/set/f", "a/set/inner", "a/set/inner/g"));
}

TEST(NewFolder, GoesWithAllThatWasMadeWhereItIsGivenUp) {
  const TemporaryFolder folder;
  {
    NewFolder made(folder / "a" / "set");
    made.write("f", {bytes("one")});
  }
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(NewFolder, ReplacesWhatIsThere) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "set");
  make_file(folder / "set" / "old", "old");
  NewFolder made(folder / "set");
  made.write("new", {bytes("new")});
  EXPECT_EQ(contents(folder / "set" / "old"), "old");
  made.put_in_place();
  EXPECT_THAT(all_names(folder), ElementsAre("set", "set/new"));
}

TEST(NewFolder, TakesNoPlaceThatAnotherTookInTheMeantime) {
  const TemporaryFolder folder;
  {
    fs::create_directory(folder / "set");  // an empty one is free
    NewFolder first(folder / "set"), second(folder / "set");
    first.write("first", {bytes("1")});
    second.write("second", {bytes("2")});
    EXPECT_TRUE(first.put_in_free_place());
    EXPECT_FALSE(second.put_in_free_place());
    make_file(folder / "file", "mine");
    NewFolder third(folder / "file");
    EXPECT_FALSE(third.put_in_free_place());
  }
  EXPECT_THAT(all_names(folder), ElementsAre("file", "set", "set/first"));
}

// Two that replace one folder at once: the second finds the first one's, or nothing for a moment.
TEST(NewFolder, ReplacesWhatCameInTheMeantime) {
  const TemporaryFolder folder;
  test::WatchedFiles files;
  bool came = false;
  files.after = [&](test::Call call) {
    if (call != test::Call::exchange || std::exchange(came, true)) return;
    fs::create_directory(folder / "set");
    make_file(folder / "set" / "another", "1");
  };
  const test::FilesInUse in_use(files);
  NewFolder made(folder / "set");
  made.write("new", {bytes("2")});
  made.put_in_place();
  EXPECT_TRUE(came);
  EXPECT_THAT(all_names(folder), ElementsAre("set", "set/new"));
}

TEST(NewFolder, IsMadeAgainWhereASweepTookIt) {
  const TemporaryFolder folder;
  test::WatchedFiles files;
  int swept = 0;
  files.before = [&](test::Call call) {
    if (call == test::Call::lock && swept < 2)
      for (const std::string& name : folder.names()) swept += static_cast<int>(fs::remove_all(folder / name));
    return 0;
  };
  const test::FilesInUse in_use(files);
  NewFolder made(folder / "set");
  made.write("f", {bytes("1")});
  EXPECT_TRUE(made.put_in_free_place());
  EXPECT_EQ(swept, 2);
  EXPECT_THAT(all_names(folder), ElementsAre("set", "set/f"));
}

TEST(NewFolder, LeavesTheOldOneWhereAnyCallFails) {
  for (const test::Call failing : {test::Call::open, test::Call::write, test::Call::mkdir, test::Call::sync,
                                   test::Call::rename, test::Call::exchange}) {
    for (int which = 0;; ++which) {
      const TemporaryFolder folder;
      fs::create_directory(folder / "set");
      make_file(folder / "set" / "old", "old");
      test::WatchedFiles files;
      int left = which;
      files.before = [&](test::Call call) {
        if (call == test::Call::exchange && failing == test::Call::rename) return EINVAL;  // then it takes two renames
        return call == failing && left-- == 0 ? ENOSPC : 0;
      };
      bool failed = false;
      {
        const test::FilesInUse in_use(files);
        try {
          NewFolder made(folder / "set");
          made.write("new", {bytes("new")});
          made.make_folder("inner");
          made.put_in_place();
        } catch (const Error& error) {
          failed = true;
          EXPECT_EQ(error.code(), ExitCode::io);
          EXPECT_THAT(error.what(), HasSubstr("no space left on device"));
        }
      }
      if (!failed) break;
      const bool renamed = fs::exists(folder / "set" / "new");  // only what came behind that failed
      EXPECT_TRUE(renamed ? failing == test::Call::open || failing == test::Call::sync
                          : contents(folder / "set" / "old") == "old");
    }
  }
}

TEST(NewFolder, SweepsWhatKilledProcessesLeft) {
  const TemporaryFolder folder;
  const fs::path left = folder / temporary_name("set"), of_another = folder / temporary_name("other"),
                 in_use = folder / temporary_name("set");
  for (const fs::path& path : {left, of_another, in_use}) fs::create_directory(path);
  make_file(left / "f", "half");
  const int lock = ::open(in_use.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  { const NewFolder made(folder / "set"); }
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(of_another));
  EXPECT_TRUE(fs::exists(in_use));
  ::close(lock);
}

}  // namespace
}  // namespace nib
