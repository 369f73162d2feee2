#include "commands/terminal_program.h"

#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "tests/places.h"

namespace nib {
namespace {

[[noreturn]] void become_program(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
  if (chdir(folder.c_str()) != 0) _exit(125);
  for (const char* const name : {"COLUMNS", "CUDA_VISIBLE_DEVICES", "NIB_CUDA_LIBRARIES"}) unsetenv(name);
  setenv("TERM", "xterm", 1);
  setenv("NO_COLOR", "1", 1);
  setenv("LC_ALL", "C.UTF-8", 1);
  std::vector<char*> words{const_cast<char*>("nib")};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  execv(NIB_PROGRAM, words.data());
  _exit(125);
}

}  // namespace

std::optional<TerminalEnding> nib_on_terminal(const std::vector<std::string>& arguments,
                                              const std::filesystem::path& folder, unsigned short columns) {
  const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  termios raw{};  // no "\r" is put before "\n"
  cfmakeraw(&raw);
  int terminal = -1;
  const pid_t process = forkpty(&terminal, nullptr, &raw, &size);
  if (process < 0) return std::nullopt;
  if (process == 0) become_program(arguments, folder);
  TerminalEnding ending;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t count = read(terminal, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;  // EIO once the program is gone
    ending.text.append(part.data(), static_cast<std::size_t>(count));
  }
  int status = 0;
  waitpid(process, &status, 0);
  close(terminal);
  ending.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return ending;
}

}  // namespace nib
