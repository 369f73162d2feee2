#include "base/last_acts.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

#include "base/aside.h"
#include "base/error.h"
#include "base/files.h"
#include "base/signals.h"
#include "base/temporary_file.h"
#include "base/temporary_folder.h"
#include "base/watched_files.h"

namespace nib {
namespace {

using test::Call;
using test::WatchedFiles;
using testing::ElementsAre;
using testing::IsEmpty;

/// How a child of its own ends that does this.
int ending_of(const std::function<void()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    action();
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(LastActs, RemoveTemporaryFilesAndWriteTheLastText) {
  const TemporaryFolder folder;
  make_file(folder / "record", "running");
  const int code = ending_of([&] {
    install_signal_handlers();
    const TemporaryFile file(folder.path(), "model", folder / "model");
    WrittenAtLast last(folder.path(), "record", "interrupted");
    last.arm();
    ::raise(SIGTERM);
    ::raise(SIGINT);
  });
  EXPECT_EQ(code, 130);
  EXPECT_EQ(contents(folder / "record"), "interrupted");
  EXPECT_THAT(folder.names(), ElementsAre("record"));
}

TEST(LastActs, LeaveAloneWhatIsDone) {
  const TemporaryFolder folder;
  const int code = ending_of([&] {
    end_cleanly_on_signals();
    write_file_atomically(folder / "model", std::string_view("whole"));
    {
      WrittenAtLast last(folder.path(), "record", "interrupted"), later(folder.path(), "record", "finished");
      last.arm();
      later.arm_in_place_of(last);
    }
    ::raise(SIGTERM);
  });
  EXPECT_EQ(code, 143);
  EXPECT_THAT(folder.names(), ElementsAre("model"));
  EXPECT_EQ(contents(folder / "model"), "whole");
}

TEST(LastActs, HavePlacesForMoreFilesThanThereAreAtATime) {
  const TemporaryFolder folder;
  const int code = ending_of([&] {
    end_cleanly_on_signals();
    for (int time = 0; time < 100; ++time) const RemovedAtLast removed(AT_FDCWD, (folder / "x").string());
    make_file(folder / "x", "");
    const RemovedAtLast removed(AT_FDCWD, (folder / "x").string());
    ::raise(SIGTERM);
  });
  EXPECT_EQ(code, 143);
  EXPECT_THAT(folder.names(), IsEmpty());
}

/// Not even those that it would go on to make while the last acts are at work.
TEST(LastActs, RemoveTheTemporaryFilesOfAnotherThread) {
  for (int time = 0; time < 5; ++time) {
    const TemporaryFolder folder;
    const int code = ending_of([&] {
      end_cleanly_on_signals();
      const std::thread::id main = std::this_thread::get_id();
      WatchedFiles files;
      files.after = [&](Call call) {
        const bool is_last_act = call == Call::unlink && std::this_thread::get_id() == main;
        if (is_last_act) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      };
      use_file_system(&files);
      Aside aside;
      aside.begin([&] {
        while (true) try {
            TemporaryFile(folder.path(), "model", folder / "model").rename_to("model");
          } catch (const Error&) {  // its file went
          }
      });
      while (folder.names().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ::raise(SIGTERM);
    });
    EXPECT_EQ(code, 143);
    EXPECT_THAT(folder.names(), ElementsAre("model"));
  }
}

}  // namespace
}  // namespace nib
