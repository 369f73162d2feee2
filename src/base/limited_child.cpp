#include "base/limited_child.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/signals.h"
#include "base/stream.h"
#include "base/text.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NIB_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NIB_SANITIZED 1
#endif
#endif

namespace nib {
namespace {

using Clock = std::chrono::steady_clock;

// Sanitizers map terabytes that they do not use, and ask by pipes whether memory can be read.
#ifdef NIB_SANITIZED
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

constexpr int exit_of_failed_child = 1;

Error no_process(const char* step) {
  return io_error({.problem = fmt::format("cannot {} to read the file in: {}", step, system_message(errno))});
}

/// Address space of this process in bytes.
std::uint64_t mapped_bytes() {
  const std::string text = system_text("/proc/self/statm");  // in pages: "1234 ..."
  const std::uint64_t pages = parse_unsigned(text.substr(0, text.find(' '))).value_or(0);
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

bool limit(int resource, std::uint64_t soft, std::uint64_t hard) {
  rlimit now{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &now) != 0) return false;
  const rlimit next{.rlim_cur = std::min<rlim_t>(soft, now.rlim_max), .rlim_max = std::min<rlim_t>(hard, now.rlim_max)};
  return setrlimit(static_cast<__rlimit_resource>(resource), &next) == 0;
}

/// Ctrl-C reaches the child too: it is its parent that decides what becomes of it.
void reset_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) signal(number, SIG_IGN);
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGPIPE, SIGXCPU, SIGXFSZ, SIGALRM})
    signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Leaves the child nothing open but the pipe, and gives that one's number there.
int close_all_but(int pipe_end) {
  constexpr int output = 3, out_of_the_way = 10;
  const int moved = fcntl(pipe_end, F_DUPFD, out_of_the_way), nothing = open("/dev/null", O_RDWR);
  for (int stream = 0; stream < output; ++stream)
    if (dup2(nothing, stream) < 0) return -1;
  if (dup2(moved, output) < 0 || close_range(output + 1, ~0U, 0) != 0) return -1;
  return output;
}

[[noreturn]] void be_child(pid_t parent, int pipe_end, const ChildLimits& limits, std::uint64_t memory,
                           const std::function<void(int)>& work) {
  reset_signals();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int output = close_all_but(pipe_end);
  const bool limited =
      limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_FSIZE, 0, 0) && (is_sanitized || limit(RLIMIT_NOFILE, 0, 0)) &&
      limit(RLIMIT_CPU, limits.seconds, limits.seconds + 1) && (is_sanitized || limit(RLIMIT_AS, memory, memory));
  if (output < 0 || !limited || getppid() != parent) _exit(exit_of_failed_child);
  try {
    work(output);
  } catch (...) {
    _exit(exit_of_failed_child);
  }
  _exit(0);
}

/// The parent's side: a child that is to be read from and waited for.
class Child {
 public:
  Child(pid_t process, FileDescriptor output, const ChildLimits& limits)
      : process_(process),
        output_(std::move(output)),
        limits_(limits),
        end_(Clock::now() + std::chrono::seconds(4 * std::uint64_t{limits.seconds})) {}
  ~Child() {
    if (process_ > 0) kill_and_wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  ChildOutcome outcome() {
    ChildOutcome outcome;
    outcome.failure = read_into(outcome.output);
    if (outcome.failure.empty()) outcome.failure = wait();
    return outcome;
  }

 private:
  std::string too_long() const { return fmt::format("took longer than {} s", limits_.seconds); }

  int milliseconds_left() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
    return static_cast<int>(std::max<std::int64_t>(left, 0));
  }

  /// Reads to the end; what stopped it before, if anything did.
  std::string read_into(std::vector<std::uint8_t>& bytes) const {
    std::array<std::uint8_t, 1 << 16> piece{};
    while (true) {
      pollfd ready{.fd = output_.number(), .events = POLLIN, .revents = 0};
      const int answer = poll(&ready, 1, milliseconds_left());
      if (answer == 0) return too_long();
      const ssize_t count = answer < 0 ? -1 : read(output_.number(), piece.data(), piece.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return system_message(errno);
      if (count == 0) return {};
      if (bytes.size() + static_cast<std::size_t>(count) > limits_.output) return "handed back too much";
      bytes.insert(bytes.end(), piece.begin(), piece.begin() + count);
    }
  }

  std::string wait() {
    int status = 0;
    pid_t ended = 0;
    while ((ended = waitpid(process_, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
      if (milliseconds_left() == 0) return too_long();
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    process_ = 0;
    if (ended < 0) return {};  // whoever started this program has children go unseen: the output tells the end
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)) return too_long();
    if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
    if (WEXITSTATUS(status) != 0) return fmt::format("ended with exit code {}", WEXITSTATUS(status));
    return {};
  }

  void kill_and_wait() noexcept {
    kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
  }

  pid_t process_;
  FileDescriptor output_;
  ChildLimits limits_;
  Clock::time_point end_;
};

}  // namespace

ChildOutcome run_in_limited_child(const ChildLimits& limits, const std::function<void(int)>& work) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw no_process("make a pipe");
  FileDescriptor reading(ends[0]), writing(ends[1]);
  const std::uint64_t memory = mapped_bytes() + limits.memory;
  const pid_t parent = getpid();
  const auto start = [&] {
    const SignalsHeld until_they_are_reset;  // in the child, a handler of this process would end what is not its own
    const pid_t process = fork();
    if (process == 0) be_child(parent, writing.number(), limits, memory, work);
    return process;
  };
  const pid_t process = start();
  if (process < 0) throw no_process("start a process");
  writing.close();
  return Child(process, std::move(reading), limits).outcome();
}

}  // namespace nib
