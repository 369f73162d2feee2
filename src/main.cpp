#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <new>
#include <span>
#include <string>

#include "base/error.h"
#include "base/output.h"
#include "base/text.h"
#include "cli/usage.h"
#include "commands/command.h"

namespace {

using namespace nib;

/// A file opened later must not get the number of a closed standard stream, or messages would be written into it. What
/// stands in for it refuses every write, so that a lost result is still noticed.
void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0) _exit(static_cast<int>(ExitCode::io));
}

int fail(const std::string& message, const std::string& hint, ExitCode code) {
  Output output(STDERR_FILENO);
  output.write("nib: error: " + message + '\n');
  if (!hint.empty()) output.write("hint: " + printable(hint) + '\n');
  return static_cast<int>(code);
}

int print(const std::string& text) {
  Output output(STDOUT_FILENO);
  output.write(text);
  output.flush();
  if (output.lost() != 0) throw io_error({.file = "standard output", .problem = system_message(output.lost())});
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("Trains and serves the classic convolutional network for handwritten digits (MNIST).", "nib");
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->column_width(32);
  app.set_help_flag("-h,--help", "print this help and exit");
  app.set_version_flag("--version", std::string("nib ") + NIB_VERSION, "print the version and exit");
  app.require_subcommand(0, 1);
  Action action;
  add_train_command(app, action);
  add_evaluate_command(app, action);
  add_predict_command(app, action);
  add_show_command(app, action);
  add_summary_command(app, action);
  add_report_command(app, action);
  add_bench_command(app, action);
  add_compare_command(app, action);
  add_data_command(app, action);
  add_doctor_command(app, action);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) command->group("Commands");
  app.footer("nib COMMAND --help shows the options of a command.");
  try {
    check_arguments(std::span(argv, static_cast<std::size_t>(argc)));
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print(app.help());
  } catch (const CLI::CallForVersion& version) {
    return print(std::string(version.what()) + '\n');
  } catch (const CLI::ParseError& error) {
    throw explain(error, app);
  }
  return action ? action() : print(app.help());
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
    return fail(error.what(), error.problem().hint, error.code());
  } catch (const std::bad_alloc&) {
    return fail("out of memory", "", ExitCode::io);
  } catch (const std::exception& error) {
    return fail(std::string("internal error: ") + printable(error.what()), "please report this", ExitCode::bug);
  }
}
