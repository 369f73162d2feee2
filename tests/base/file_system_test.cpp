// File systems that refuse or do not know something, as CIFS, NFS, Lustre and FUSE do.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>

#include "base/error.h"
#include "base/files.h"
#include "base/links.h"
#include "base/made_folders.h"
#include "base/new_file.h"
#include "base/temporary_folder.h"
#include "base/watched_files.h"

namespace nib {
namespace {

using namespace std::string_view_literals;
using test::Call;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A file system whose calls of one kind all fail.
class Without : public testing::Test {
 protected:
  void refuse(Call refused, int error) {
    files.before = [=](Call call) { return call == refused ? error : 0; };
  }
  /// The folders' syncs alone: each file's own comes before its folder's.
  void refuse_folders(int error) {
    files.before = [this, error](Call call) {
      if (call == Call::open || call == Call::write) synced = false;
      if (call != Call::sync) return 0;
      return std::exchange(synced, true) ? error : 0;
    };
  }
  std::string failure(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::io);
      return error.what();
    }
    return "";
  }

  const TemporaryFolder folder;
  test::WatchedFiles files;
  const test::FilesInUse in_use{files};
  bool synced = false;
};

TEST_F(Without, ModesAFileIsReplacedAllTheSame) {
  make_file(folder / "f", "old");
  std::filesystem::permissions(folder / "f", std::filesystem::perms{0604});
  refuse(Call::chmod, EPERM);
  write_file_atomically(folder / "f", "new"sv);
  EXPECT_EQ(contents(folder / "f"), "new");
}

TEST_F(Without, ModesThatAreEqualNobodyAsksForThem) {
  make_file(folder / "f", "old");
  bool asked = false;
  files.before = [&](Call call) { return asked = asked || call == Call::chmod, 0; };
  write_file_atomically(folder / "f", "new"sv);
  EXPECT_FALSE(asked);
}

TEST_F(Without, ModesAPrivateFileStaysPrivate) {
  make_file(folder / "f", "old");
  std::filesystem::permissions(folder / "f", std::filesystem::perms{0600});
  refuse(Call::chmod, EPERM);
  write_file_atomically(folder / "f", "new"sv);
  EXPECT_EQ(std::filesystem::status(folder / "f").permissions(), std::filesystem::perms{0600});
}

/// With renaming that replaces nothing, with second names instead, and with neither.
TEST_F(Without, WaysToReplaceNothingAFileIsMadeWhereNoneIsAndNowhereElse) {
  const std::vector<std::vector<Call>> lacks = {{}, {Call::rename_new}, {Call::rename_new, Call::link}};
  for (const int error : {EINVAL, ENOSYS, EOPNOTSUPP, EPERM})
    for (const std::vector<Call>& lacking : lacks) {
      files.before = [&](Call call) { return std::ranges::find(lacking, call) != lacking.end() ? error : 0; };
      const std::string name = std::to_string(error) + '-' + std::to_string(lacking.size());
      EXPECT_TRUE(write_new_file(folder / name, bytes_of("first"))) << name;
      EXPECT_FALSE(write_new_file(folder / name, bytes_of("second"))) << name;
      EXPECT_EQ(contents(folder / name), "first") << name;
      EXPECT_EQ(std::filesystem::hard_link_count(folder / name), 1u) << name;
    }
  EXPECT_EQ(folder.names().size(), 12u) << "no temporary file is left";
}

TEST_F(Without, RoomForANameNothingIsMade) {
  for (const Call failing : {Call::open, Call::write, Call::sync, Call::rename_new}) {
    refuse(failing, ENOSPC);
    EXPECT_THAT(failure([&] { return write_output_file(folder / "f", "new"sv, false); }),
                HasSubstr("no space left on device"));
    EXPECT_THAT(folder.names(), IsEmpty());
  }
}

TEST_F(Without, SyncedFoldersFilesAreWritten) {
  for (const int error : {EINVAL, ENOSYS, ENOTSUP, EBADF, EACCES}) {
    refuse_folders(error);
    EXPECT_EQ(failure([&] { write_file_atomically(folder / "f", "new"sv); }), "") << error;
  }
}

TEST_F(Without, SyncedFoldersThatBreakAreTold) {
  refuse_folders(EIO);
  EXPECT_THAT(failure([&] { write_file_atomically(folder / "f", "new"sv); }), HasSubstr("durability is unconfirmed"));
}

TEST_F(Without, SyncedFilesNothingIsWritten) {
  for (const int error : {EIO, EINVAL, ENOSPC, EDQUOT, EROFS}) {
    refuse(Call::sync, error);
    EXPECT_THAT(failure([&] { write_file_atomically(folder / "f", "new"sv); }), HasSubstr("cannot write to the disk"));
    EXPECT_THAT(folder.names(), IsEmpty());
  }
}

/// Reports what a file system that does not count its space reports.
class Uncounted : public test::WatchedFiles {
 public:
  int space(const char*, struct statvfs& space) override {
    space = {};
    errno = error;
    return error == 0 ? 0 : -1;
  }
  int error = 0;
};

TEST(ProbeWritable, TakesZeroOfZeroBlocksForUnknown) {
  const TemporaryFolder folder;
  Uncounted files;
  const test::FilesInUse in_use(files);
  EXPECT_NO_THROW(probe_writable(folder.path(), std::uint64_t{1} << 62));
  files.error = ENOSYS;
  EXPECT_NO_THROW(probe_writable(folder.path(), std::uint64_t{1} << 62));
  files.error = EIO;
  EXPECT_THROW(probe_writable(folder.path(), 1), Error);
}

TEST_F(Without, LocksNothingIsSwept) {
  const std::string name = ".model.1-0123456789abcdef.tmp";
  make_file(folder / name, "x");
  for (const int error : {ENOSYS, ENOLCK, EOPNOTSUPP}) {
    refuse(Call::lock, error);
    EXPECT_EQ(failure([&] { write_file_atomically(folder / "f", "new"sv); }), "");
    sweep_stale_temporaries(folder.path());
    EXPECT_THAT(folder.names(), ElementsAre(name, "f"));
  }
}

TEST_F(Without, AQuietMomentASignalBreaksNothing) {
  make_file(folder / "f", "old");
  bool broken = false;
  files.longest_write = 2;
  files.before = [&](Call call) {
    broken = !broken && call != Call::close;
    return broken ? EINTR : 0;
  };
  write_file_atomically(folder / "f", "longer"sv);
  files.before = [](Call) { return 0; };
  EXPECT_EQ(contents(folder / "f"), "longer");
  EXPECT_THAT(folder.names(), ElementsAre("f"));
}

TEST_F(Without, ItsLockATemporaryFileIsMadeAgain) {
  // A sweep takes the file between its making and its locking, once.
  bool swept = false;
  files.before = [&](Call call) {
    if (call == Call::lock && !std::exchange(swept, true))
      for (const std::string& name : folder.names()) std::filesystem::remove(folder / name);
    return 0;
  };
  write_file_atomically(folder / "f", "new"sv);
  EXPECT_TRUE(swept);
  EXPECT_THAT(folder.names(), ElementsAre("f"));
}

TEST(MadeFolders, AreMadeWithTheirParentsAndTakenBack) {
  const TemporaryFolder folder;
  MadeFolders made;
  EXPECT_EQ(made.make(folder / "a/b/c"), 0);
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c"));
  EXPECT_EQ(MadeFolders().make(folder / "a/b/c"), EEXIST);
  make_file(folder / "a/mine", "");
  made.take_back();
  EXPECT_FALSE(std::filesystem::exists(folder / "a/b"));
  EXPECT_TRUE(std::filesystem::exists(folder / "a/mine"));
}

TEST(MadeFolders, AreForcedToTheDiskInEachParent) {
  const TemporaryFolder folder;
  test::WatchedFiles files;
  const test::FilesInUse in_use(files);
  std::string calls;
  files.after = [&](Call call) { calls += call == Call::mkdir ? "m" : call == Call::sync ? "s" : ""; };
  EXPECT_EQ(MadeFolders().make(folder / "a/b"), 0);
  EXPECT_EQ(calls, "mmsms");  // the first fails for want of a parent
}

TEST(MadeFolders, AreTakenBackWhenTheLastCannotBeMade) {
  const TemporaryFolder folder;
  EXPECT_EQ(MadeFolders().make(folder / ("a/" + std::string(300, 'x'))), ENAMETOOLONG);
  make_file(folder / "file", "");
  EXPECT_EQ(MadeFolders().make(folder / "file/b"), ENOTDIR);
  std::filesystem::create_symlink("nowhere", folder / "link");
  EXPECT_EQ(MadeFolders().make(folder / "link/b"), ENOENT);
  EXPECT_THAT(folder.names(), ElementsAre("file", "link"));
}

TEST(PointLink, ReplacesALinkInOneStepAndSweepsWhatIsLeftOfOthers) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("old", folder / "latest");
  std::filesystem::create_symlink("old", folder / ".latest.17.tmp");
  make_file(folder / ".latest.18.tmp", "no link");
  EXPECT_TRUE(point_link(folder.path(), "latest", "new"));
  EXPECT_EQ(std::filesystem::read_symlink(folder / "latest"), "new");
  EXPECT_THAT(folder.names(), ElementsAre(".latest.18.tmp", "latest"));
}

TEST_F(Without, LocksLinksAreSetAndNoneIsSwept) {
  std::filesystem::create_symlink("old", folder / ".latest.17.tmp");
  refuse(Call::lock, ENOLCK);
  EXPECT_TRUE(point_link(folder.path(), "latest", "new"));
  EXPECT_THAT(folder.names(), ElementsAre(".latest.17.tmp", "latest"));
}

TEST_F(Without, LinksNothingIsLeft) {
  refuse(Call::symlink, EPERM);
  EXPECT_FALSE(point_link(folder.path(), "latest", "new"));
  refuse(Call::rename, EIO);
  EXPECT_FALSE(point_link(folder.path(), "latest", "new"));
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(BehindLinks, IsWhereAChainEnds) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("real/f", folder / "one");
  std::filesystem::create_symlink(folder / "one", folder / "two");
  EXPECT_EQ(behind_links(folder / "two"), folder / "real/f");
  EXPECT_EQ(behind_links(folder / "none"), folder / "none");
  std::filesystem::create_symlink("loop", folder / "loop");
  EXPECT_THROW(behind_links(folder / "loop"), Error);
}

}  // namespace
}  // namespace nib
