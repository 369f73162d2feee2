#include "commands/train_child.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <exception>
#include <new>
#include <stdexcept>
#include <thread>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "cli/command_line.h"
#include "cli/flags.h"
#include "commands/command.h"

namespace nib::test {
namespace {

using Clock = std::chrono::steady_clock;

/// A number that parent and child share.
class SharedCount {
 public:
  SharedCount()
      : memory_(::mmap(nullptr, sizeof(std::atomic<std::size_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                       -1, 0)) {
    if (memory_ == MAP_FAILED) throw std::runtime_error("no shared memory");
    new (memory_) std::atomic<std::size_t>(0);
  }
  ~SharedCount() { ::munmap(memory_, sizeof(std::atomic<std::size_t>)); }
  SharedCount(const SharedCount&) = delete;
  SharedCount& operator=(const SharedCount&) = delete;
  std::atomic<std::size_t>& operator*() const { return *static_cast<std::atomic<std::size_t>*>(memory_); }

 private:
  void* memory_;
};

void write_error(const std::string& text) {
  const std::string line = "nib: " + text + '\n';
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) ::_exit(125);
}

/// As the program's own main does.
int run_command(const std::vector<std::string>& arguments) {
  std::vector<char*> words{const_cast<char*>("nib")};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  try {
    CommandLine line("nib", "", "");
    add_train_command(line.program());
    return line.run(static_cast<int>(arguments.size()) + 1, words.data());
  } catch (const Error& error) {
    write_error(error_text(error));
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    write_error(std::string("internal error: ") + error.what());
    return 1;
  }
}

void redirect(const std::string& path, int stream) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0 || ::dup2(file, stream) < 0) ::_exit(125);
  ::close(file);
}

}  // namespace

ChildEnding TrainChild::run(const std::filesystem::path& folder, const std::vector<std::string>& arguments) const {
  const SharedCount calls;
  const TemporaryFolder texts;
  const Clock::time_point begin = Clock::now();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) {
    redirect(texts / "errors", STDERR_FILENO);
    redirect("/dev/null", STDOUT_FILENO);
    if (::chdir(folder.c_str()) != 0) ::_exit(125);
    WatchedFiles files;
    static thread_local std::size_t call;  // another thread makes its own
    files.before = [&](Call which) { return before(call = (*calls)++, which); };
    files.after = [&](Call) { after(call); };
    use_file_system(&files);
    ::_exit(run_command(arguments));
  }
  for (const auto& [delay, signal] : signals) {
    std::this_thread::sleep_for(delay);
    ::kill(child, signal);  // a child that has ended is there until it is waited for
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return {.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
          .errors = contents(texts / "errors"),
          .calls = *calls,
          .time = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin)};
}

}  // namespace nib::test
