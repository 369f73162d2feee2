#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/temporary_folder.h"

namespace nib {

/// How a run of the program ended, and what it wrote.
struct Ending {
  int code = 0;  ///< 128 + n where signal n killed it
  std::string output, errors;
};

/// One run of the real program, as a shell would start it: in a folder of its own choice, with its output in files.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments);
  ~Program();  ///< kills what still runs
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  Program& in(const std::filesystem::path& folder);
  Program& from(const std::filesystem::path& program);  ///< another copy of it, with other files beside it
  Program& with_environment(const std::string& name, const std::string& value);
  Program& with_input(const std::filesystem::path& file);  ///< standard input; without it, that of the tests
  Program& with_output_to(const std::string& device);      ///< e.g. /dev/full
  Program& with_closed_output();                           ///< no standard output at all
  Program& with_broken_pipe();                             ///< standard output to a pipe that nobody reads
  Program& with_largest_file(std::uint64_t bytes);         ///< RLIMIT_FSIZE
  Program& with_addresses(std::uint64_t bytes);            ///< RLIMIT_AS

  void start();
  void signal(int number) const;
  std::string output_so_far() const;
  std::string errors_so_far() const;
  /// Waits until the output holds `text`; false when the program ended before.
  bool wait_for_output(const std::string& text);
  Ending wait();
  Ending run();  ///< start() and wait()
  pid_t process() const { return process_; }

 private:
  enum class Sink { file, device, closed, broken_pipe };
  [[noreturn]] void become_program() const;
  bool has_ended();

  std::vector<std::string> arguments_;
  std::vector<std::pair<std::string, std::string>> environment_;
  std::filesystem::path folder_ = ".", program_;
  Sink sink_ = Sink::file;
  std::string device_;
  std::filesystem::path input_;
  std::optional<std::uint64_t> largest_file_, addresses_;
  TemporaryFolder texts_;
  pid_t process_ = -1;
  std::optional<int> status_;
};

/// Runs the program once.
Ending nib(const std::vector<std::string>& arguments, const std::filesystem::path& folder);

}  // namespace nib
