#include "commands/sweep/training_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/file_descriptor.h"
#include "base/signals.h"
#include "formats/checkpoint_names.h"
#include "runs/file_names.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// The file that this program was started from, also where another one has its name by now.
constexpr const char* own_program = "/proc/self/exe";
constexpr int exit_of_failed_start = 127;

class NoProcess : public Error {
 public:
  explicit NoProcess(int error)
      : Error(ExitCode::io, {.problem = "cannot start a process: " + system_message(error)}) {}
};

/// As execv() takes them: they point into `texts`.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// Only calls that are safe between fork() and exec().
[[noreturn]] void be_child(pid_t parent, char* const* words, int log, const sigset_t& signals) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (getppid() != parent || dup2(nothing, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
      dup2(log, STDERR_FILENO) < 0)
    _exit(exit_of_failed_start);
  for (const int number : {SIGINT, SIGTERM}) ::signal(number, SIG_DFL);  // handlers of this program are not its own
  sigprocmask(SIG_SETMASK, &signals, nullptr);
  execv(own_program, words);
  _exit(exit_of_failed_start);
}

}  // namespace

TrainingCommand command_of_run(const SweepPlan& plan, std::size_t number, const fs::path& sweep, unsigned threads) {
  const std::string folder = (sweep / plan.run_folder(number)).string();
  const std::string of_threads = "--threads=" + std::to_string(threads);
  // A launcher that shares a sweep's runs out started the sweep: its ranks are none of a run's.
  const std::string alone = "--ranks=off";
  if (!checkpoint_files(folder).empty())
    return {.arguments = {"train", "--resume=" + folder, of_threads, alone}, .goes_on = true};
  std::vector<std::string> words = plan.words(number);
  words.insert(words.begin(), "train");
  if (!plan.pictures) words.emplace_back("--no-pictures");
  words.insert(words.end(), {of_threads, alone, "--out=" + folder, "--force"});
  return {.arguments = std::move(words)};
}

TrainingProcess::TrainingProcess(const TrainingCommand& command, const fs::path& run) {
  const fs::path log = run / sweep_run_log;
  const int begin = command.goes_on ? O_APPEND : O_TRUNC;
  const FileDescriptor file(open(log.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | begin, 0666));
  if (!file.is_open())
    throw io_error({.file = log.string(), .problem = "cannot write the log: " + system_message(errno)});
  std::vector<std::string> texts{"nib"};
  texts.insert(texts.end(), command.arguments.begin(), command.arguments.end());
  const std::vector<char*> words = pointers(texts);
  const pid_t parent = getpid();
  const SignalsHeld until_they_are_reset;
  process_ = fork();
  if (process_ == 0) be_child(parent, words.data(), file.number(), until_they_are_reset.before());
  if (process_ < 0) throw NoProcess(errno);
}

TrainingProcess::TrainingProcess(TrainingProcess&& other) noexcept : process_(std::exchange(other.process_, -1)) {}

TrainingProcess::~TrainingProcess() {
  if (process_ < 0) return;
  signal(SIGTERM);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
}

std::optional<int> TrainingProcess::ending() {
  int status = 0;
  const pid_t ended = waitpid(process_, &status, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return std::nullopt;
  process_ = -1;
  if (ended < 0) return 0;  // whoever started this program has children go unseen: the run's folder tells its end
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void TrainingProcess::signal(int number) const {
  if (process_ > 0) kill(process_, number);
}

bool is_out_of_processes(const std::exception& error) { return dynamic_cast<const NoProcess*>(&error) != nullptr; }

}  // namespace nib
