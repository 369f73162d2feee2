#include "base/limited_child.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace nib {
namespace {

using Bytes = std::vector<std::uint8_t>;

ChildOutcome outcome_of(const std::function<void(int)>& work, const ChildLimits& limits = {}) {
  return run_in_limited_child(limits, work);
}

void write_text(int output, const std::string& text) {
  write_fully(output, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

TEST(LimitedChild, HandsBackWhatItWrites) {
  const Bytes large(300'000, 7);  // more than a pipe holds
  const ChildOutcome outcome = outcome_of([&](int output) { write_fully(output, large); });
  EXPECT_EQ(outcome.failure, "");
  EXPECT_EQ(outcome.output, large);
}

TEST(LimitedChild, ThatDiesIsTold) {
  EXPECT_EQ(outcome_of([](int) { raise(SIGSEGV); }).failure, "killed by signal 11");
  EXPECT_EQ(outcome_of([](int) { _exit(7); }).failure, "ended with exit code 7");
  EXPECT_EQ(outcome_of([](int) { throw std::runtime_error("lost"); }).failure, "ended with exit code 1");
}

TEST(LimitedChild, ThatHangsIsEnded) {
  const auto spin = [](int) {
    std::atomic<unsigned> count = 0;
    while (true) ++count;
  };
  EXPECT_EQ(outcome_of(spin, {.seconds = 1}).failure, "took longer than 1 s");
  const auto sleep = [](int) {
    while (true) ::sleep(1000);
  };
  EXPECT_EQ(outcome_of(sleep, {.seconds = 1}).failure, "took longer than 1 s");
}

TEST(LimitedChild, CannotHandBackMoreThanIsTaken) {
  const auto flood = [](int output) {
    const Bytes piece(1 << 16);
    while (write_fully(output, piece) == 0) {
    }
  };
  EXPECT_EQ(outcome_of(flood, {.output = 1 << 20}).failure, "handed back too much");
}

TEST(LimitedChild, OpensNoFiles) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers open pipes";
#endif
  const ChildOutcome outcome =
      outcome_of([](int output) { write_text(output, open("/etc/passwd", O_RDONLY) < 0 ? "refused" : "opened"); });
  EXPECT_EQ(std::string(outcome.output.begin(), outcome.output.end()), "refused");
}

TEST(LimitedChild, GetsNoMoreMemoryThanIsAllowed) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers map more memory than any limit";
#endif
  const ChildOutcome outcome = outcome_of(
      [](int output) { write_text(output, std::malloc(std::size_t{1} << 30) == nullptr ? "refused" : "got"); });
  EXPECT_EQ(std::string(outcome.output.begin(), outcome.output.end()), "refused");
}

}  // namespace
}  // namespace nib
