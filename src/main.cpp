#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <new>
#include <string>

#include "base/error.h"
#include "base/output.h"
#include "cli/command_line.h"
#include "cli/flags.h"
#include "cli/streams.h"
#include "commands/command.h"

namespace {

using namespace nib;

/// A file opened later must not get the number of a closed standard stream, or messages would be written into it. What
/// stands in for it refuses every write, so that a lost result is still noticed.
void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0) _exit(static_cast<int>(ExitCode::io));
}

int fail(const Error& error) {
  Output(STDERR_FILENO).write(message_text(error_text(error)));
  return static_cast<int>(error.code());
}

int run(int argc, char** argv) {
  CommandLine line("nib", "Trains and serves the classic convolutional network for handwritten digits (MNIST).",
                   NIB_VERSION);
  line.set_footer("nib help COMMAND tells the options of a command.");
  Command program = line.program();
  program.add_example("nib train", "trains on MNIST and writes a report");
  program.add_example("nib predict runs/latest/model.safetensors my-digit.png",
                      "what the trained network makes of a picture");
  add_train_command(program);
  add_evaluate_command(program);
  add_predict_command(program);
  add_show_command(program);
  add_summary_command(program);
  add_report_command(program);
  add_bench_command(program);
  add_compare_command(program);
  add_data_command(program);
  add_doctor_command(program);
  add_version_command(program);
  return line.run(argc, argv);
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_streams();
  // A lost reader and a limit on the size of files show as failed writes, which are told and cleaned up after.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return run(argc, argv);
  } catch (const Error& error) {
    return fail(error);
  } catch (const std::bad_alloc&) {
    return fail(io_error({.problem = "out of memory"}));
  } catch (const std::exception& error) {
    return fail({ExitCode::bug, {.problem = "internal error: " + error_line(error), .hint = "please report this"}});
  }
}
