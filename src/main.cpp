#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <tuple>

#include "base/error.h"
#include "base/output.h"
#include "cli/command_line.h"
#include "cli/flags.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/with_ranks.h"
#include "program/commit.h"

namespace {

using namespace nib;

/// A file opened later must not get the number of a closed standard stream, or messages would be written into it. What
/// stands in for it refuses every write, so that a lost result is still noticed.
void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0) _exit(static_cast<int>(ExitCode::io));
}

int end_without_memory() {
  constexpr std::string_view line = "nib: error: out of memory\n";
  std::ignore = write(STDERR_FILENO, line.data(), line.size());
  return static_cast<int>(ExitCode::io);
}

std::terminate_handler usual_end = nullptr;

/// Memory can be used up where nothing may throw: before main(), and in destructors of libraries. That is no mistake of
/// the program's either; what it was writing is left as a kill would leave it.
[[noreturn]] void terminate() {
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    _exit(end_without_memory());
  } catch (...) {
    usual_end();
  }
  std::abort();
}

/// Before the program's static variables are made.
[[gnu::constructor(101)]] void set_terminate_handler() { usual_end = std::set_terminate(terminate); }

int fail(const Error& error) {
  Output(STDERR_FILENO).write(message_text(error_text(error)));
  return static_cast<int>(error.code());
}

int run(int argc, char** argv) {
  CommandLine line("nib", "Trains and serves the classic convolutional network for handwritten digits (MNIST).",
                   NIB_VERSION + (*NIB_COMMIT ? " (" NIB_COMMIT ")" : std::string()));
  line.set_footer("nib help COMMAND tells the options of a command.");
  Command program = line.program();
  program.add_example("nib train", "trains on MNIST and writes a report");
  program.add_example("nib predict runs/latest/model.safetensors my-digit.png",
                      "what the trained network makes of a picture");
  const Command train = add_train_command(program);
  add_evaluate_command(program);
  add_predict_command(program);
  add_draw_command(program);
  add_show_command(program);
  add_summary_command(program);
  add_report_command(program);
  add_bench_command(program);
  add_compare_command(program);
  add_convert_command(program);
  add_runs_command(program);
  add_reproduce_command(program);
  add_sweep_command(program, train);
  add_verify_command(program);
  add_data_command(program);
  add_doctor_command(program);
  add_version_command(program, NIB_COMMIT);
  // What is made to share its work among processes does so; the rest would do all of it several times.
  constexpr std::array alone{"predict", "draw", "show",      "summary", "report", "compare",
                             "convert", "runs", "reproduce", "verify",  "data"};
  const std::string command = argc > 1 ? argv[1] : "";
  if (std::ranges::find(alone, command) != alone.end()) refuse_ranks(command);
  return line.run(argc, argv);
}

/// Turns what a command throws into one line and an exit code.
int run_or_fail(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const ToldElsewhere& told) {
    return static_cast<int>(told.code);
  } catch (const ReaderIsGone&) {
    return 128 + SIGPIPE;
  } catch (const std::bad_alloc&) {
    return end_without_memory();
  } catch (const std::exception& thrown) {
    return fail(error_of(thrown));
  }
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_streams();
  // A lost reader and a limit on the size of files show as failed writes, which are told and cleaned up after.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return run_or_fail(argc, argv);
  } catch (const std::bad_alloc&) {
    return end_without_memory();  // in telling of another error
  }
}
