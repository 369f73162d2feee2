#include "base/aside.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

namespace nib {
namespace {

TEST(Aside, DoesJobsInTheirOrder) {
  std::vector<int> done;
  Aside aside;
  for (int job = 0; job < 20; ++job)
    aside.begin([&done, job] {
      if (job == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      done.push_back(job);
    });
  aside.wait();
  ASSERT_EQ(done.size(), 20u);
  EXPECT_TRUE(std::ranges::is_sorted(done));
}

TEST(Aside, GoesOnBesideTheCaller) {
  std::promise<int> question;
  Aside aside;
  std::future<int> answer = aside.begin([&] { return question.get_future().get() + 1; });
  question.set_value(41);
  EXPECT_EQ(answer.get(), 42);
}

TEST(Aside, TellsWhatAJobThrewAndDoesTheNext) {
  Aside aside;
  std::future<void> first = aside.begin([] { throw std::runtime_error("full"); });
  EXPECT_EQ(aside.begin([] { return 7; }).get(), 7);
  try {
    first.get();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "full");
  }
}

TEST(Aside, WaitsInTheEnd) {
  bool done = false;
  {
    Aside aside;
    aside.begin([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      done = true;
    });
  }
  EXPECT_TRUE(done);
}

TEST(Aside, LeavesTheSignalsThatStopToTheCaller) {
  Aside aside;
  sigset_t of_job{}, of_caller{};
  aside.begin([&] { ::pthread_sigmask(SIG_BLOCK, nullptr, &of_job); }).get();
  ::pthread_sigmask(SIG_BLOCK, nullptr, &of_caller);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EQ(sigismember(&of_job, signal), 1);
    EXPECT_EQ(sigismember(&of_caller, signal), 0);
  }
}

}  // namespace
}  // namespace nib
