#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runs/sweep_plan.h"

namespace nib {

/// What `nib` is called with.
struct TrainingCommand {
  std::vector<std::string> arguments{};
  bool goes_on = false;  ///< with a run, behind what its log has by then
};

/// The one that makes a run of a sweep, or goes on with it where its folder has a checkpoint.
TrainingCommand command_of_run(const SweepPlan& plan, std::size_t number, const std::filesystem::path& sweep,
                               unsigned threads);

/// This program once more, with other arguments. What it prints goes into the log in the run's folder. It is in a
/// process group of its own, so that Ctrl-C reaches it through its parent alone, and ends in good order where that
/// dies.
class TrainingProcess {
 public:
  /// Throws Error (io) where the log or the process cannot be made; is_out_of_processes() tells the latter.
  TrainingProcess(const TrainingCommand& command, const std::filesystem::path& run);
  ~TrainingProcess();  ///< asks it to stop, and waits
  TrainingProcess(TrainingProcess&& other) noexcept;
  TrainingProcess& operator=(TrainingProcess&& other) = delete;

  /// The exit code once it has ended, 128 + n where signal n killed it; nothing before.
  std::optional<int> ending();
  void signal(int number) const;

 private:
  pid_t process_ = -1;
};

/// The error of a TrainingProcess where the system has no room for one more process just now.
bool is_out_of_processes(const std::exception& error);

}  // namespace nib
