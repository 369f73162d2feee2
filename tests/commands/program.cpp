#include "commands/program.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "tests/places.h"

namespace nib {

Program::Program(std::vector<std::string> arguments) : arguments_(std::move(arguments)), program_(NIB_PROGRAM) {}

Program::~Program() {
  if (process_ < 0 || status_) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

Program& Program::in(const std::filesystem::path& folder) {
  folder_ = folder;
  return *this;
}

Program& Program::from(const std::filesystem::path& program) {
  program_ = program;
  return *this;
}

Program& Program::with_environment(const std::string& name, const std::string& value) {
  environment_.emplace_back(name, value);
  return *this;
}

Program& Program::with_input(const std::filesystem::path& file) {
  input_ = file;
  return *this;
}

Program& Program::with_output_to(const std::string& device) {
  sink_ = Sink::device;
  device_ = device;
  return *this;
}

Program& Program::with_closed_output() {
  sink_ = Sink::closed;
  return *this;
}

Program& Program::with_broken_pipe() {
  sink_ = Sink::broken_pipe;
  return *this;
}

Program& Program::with_largest_file(std::uint64_t bytes) {
  largest_file_ = bytes;
  return *this;
}

Program& Program::with_addresses(std::uint64_t bytes) {
  addresses_ = bytes;
  return *this;
}

void Program::start() {
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("cannot fork");
  if (process_ == 0) become_program();
}

void Program::become_program() const {
  const auto redirect = [](const std::string& path, int stream) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (file < 0 || dup2(file, stream) < 0) _exit(125);
    close(file);
  };
  if (!input_.empty()) {
    const int file = open(input_.c_str(), O_RDONLY);
    if (file < 0 || dup2(file, STDIN_FILENO) < 0) _exit(125);
    close(file);
  }
  redirect(texts_ / "errors", STDERR_FILENO);
  if (sink_ == Sink::file) redirect(texts_ / "output", STDOUT_FILENO);
  if (sink_ == Sink::device) redirect(device_, STDOUT_FILENO);
  if (sink_ == Sink::closed) close(STDOUT_FILENO);
  if (sink_ == Sink::broken_pipe) {
    int ends[2];
    if (pipe(ends) != 0 || dup2(ends[1], STDOUT_FILENO) < 0) _exit(125);
    close(ends[0]);
    close(ends[1]);
  }
  if (chdir(folder_.c_str()) != 0) _exit(125);
  for (const char* const name : {"COLUMNS", "CUDA_VISIBLE_DEVICES", "NIB_CUDA_LIBRARIES", "NVIDIA_TF32_OVERRIDE"})
    unsetenv(name);
  for (const auto& [name, value] : environment_) setenv(name.c_str(), value.c_str(), 1);
  if (largest_file_) {
    const rlimit limit{*largest_file_, *largest_file_};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  if (addresses_) {
    const rlimit limit{*addresses_, *addresses_};
    setrlimit(RLIMIT_AS, &limit);
  }
  std::vector<char*> words{const_cast<char*>("nib")};
  for (const std::string& argument : arguments_) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  execv(program_.c_str(), words.data());
  _exit(125);
}

void Program::signal(int number) const { kill(process_, number); }

std::string Program::output_so_far() const { return contents(texts_ / "output"); }

std::string Program::errors_so_far() const { return contents(texts_ / "errors"); }

bool Program::has_ended() {
  int status = 0;
  if (!status_ && waitpid(process_, &status, WNOHANG) == process_) status_ = status;
  return status_.has_value();
}

bool Program::wait_for_output(const std::string& text) {
  while (output_so_far().find(text) == std::string::npos) {
    if (has_ended()) return output_so_far().find(text) != std::string::npos;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

Ending Program::wait() {
  int status = 0;
  if (!status_ && waitpid(process_, &status, 0) == process_) status_ = status;
  if (!status_) throw std::runtime_error("the program was not started");
  return {.code = WIFSIGNALED(*status_) ? 128 + WTERMSIG(*status_) : WEXITSTATUS(*status_),
          .output = output_so_far(),
          .errors = contents(texts_ / "errors")};
}

Ending Program::run() {
  start();
  return wait();
}

Ending nib(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
  return Program(arguments).in(folder).run();
}

}  // namespace nib
