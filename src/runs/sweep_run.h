#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "runs/sweep_plan.h"

namespace nib {

/// How a run of a sweep stands.
enum class SweepRunState : std::uint8_t {
  missing,     ///< it has not begun
  running,     ///< a process is at it
  unfinished,  ///< it stopped, and can go on
  failed,      ///< it ended by an error
  diverged,    ///< by a loss or gradients that are not finite, and would again
  refused,     ///< what lies in its folder is not this run, whole and as it was written
  finished
};
/// "missing" and so on.
const char* word(SweepRunState state);

/// One run of a sweep, as its folder tells.
struct SweepRun {
  std::size_t number = 0;  ///< in the plan
  std::string folder{};    ///< its name in the sweep's
  SweepRunState state = SweepRunState::missing;
  std::string reason{};                              ///< of a run that failed, diverged or is refused: an error's line
  std::optional<double> val_accuracy{}, val_loss{};  ///< at the end of the weights' epoch; none without validation
  std::optional<double> test_accuracy{}, test_loss{};
  std::optional<std::uint32_t> weights_epoch{};
  std::optional<double> training_seconds{};    ///< since its last stop
  std::optional<std::uint64_t> peak_memory{};  ///< bytes
  std::string weights_sha256{};
  std::string engine{};  ///< what computed it
};

/// Reads a run and checks what lies there: a finished one has to be whole, as read_run() says, have the weights of
/// which its record has the hash, and be made with the plan's settings, seed and data. `sweep`: the sweep's folder.
SweepRun read_sweep_run(const SweepPlan& plan, std::size_t number, const std::filesystem::path& sweep);

/// The line of the error that ended a run's process, by its log; empty where none did.
std::string error_in_log(const std::filesystem::path& run);

}  // namespace nib
