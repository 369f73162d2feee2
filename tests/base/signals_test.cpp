#include "base/signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

// Handlers hold for the whole process, so every case runs in a child of its own (gtest's EXPECT_EXIT).
namespace nib {
namespace {

class Signals : public testing::TestWithParam<int> {};

TEST_P(Signals, FirstOnlyAsks) {
  EXPECT_EXIT(
      {
        install_signal_handlers();
        const int before = requested_stop();
        ::raise(GetParam());
        ::_exit(before == 0 && requested_stop() == GetParam() ? 42 : 1);
      },
      testing::ExitedWithCode(42), "");
}

TEST_P(Signals, SecondEndsAtOnce) {
  EXPECT_EXIT(
      {
        install_signal_handlers();
        ::raise(SIGTERM);
        ::raise(GetParam());
        ::_exit(1);
      },
      testing::ExitedWithCode(128 + GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(Stops, Signals, testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST(SignalsHeld, ComeInTheEnd) {
  EXPECT_EXIT(
      {
        install_signal_handlers();
        int during = 0;
        {
          const SignalsHeld held;
          ::raise(SIGTERM);
          during = requested_stop();
        }
        ::_exit(during == 0 && requested_stop() == SIGTERM ? 42 : 1);
      },
      testing::ExitedWithCode(42), "");
}

TEST(SignalsThatAreIgnored, NohupStaysInForce) {
  EXPECT_EXIT(
      {
        ::signal(SIGHUP, SIG_IGN);
        install_signal_handlers();
        ::raise(SIGHUP);
        ::_exit(requested_stop() == 0 ? 42 : 1);
      },
      testing::ExitedWithCode(42), "");
}

TEST(SignalsThatAreIgnored, ALostReaderIsAFailedWrite) {
  EXPECT_EXIT(
      {
        install_signal_handlers();
        int ends[2];
        const bool piped = ::pipe(ends) == 0;
        ::close(ends[0]);
        ::_exit(piped && ::write(ends[1], "x", 1) == -1 && errno == EPIPE ? 42 : 1);
      },
      testing::ExitedWithCode(42), "");
}

}  // namespace
}  // namespace nib
