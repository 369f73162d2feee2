#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/streams.h"
#include "encodings/json.h"
#include "inference/device.h"
#include "nib/engine.h"
#include "ranks/ranks.h"

namespace nib {

struct BenchOptions {
  std::string data = "mnist";
  std::uint64_t limit = 0;   ///< of the images of each part; 0 for all
  std::uint32_t epochs = 3;  ///< timed ones; one more goes before them
  std::uint32_t batch = 128;
  std::uint64_t seed = 0;
  DeviceChoice device{};
  std::vector<unsigned> threads{1};  ///< on the CPU: one measurement each, in place of device.threads
  bool on_request = false;  ///< each epoch waits for a line on standard input; needs a single number of threads
  std::string network = "digits";
};

struct BenchResult {
  BenchOptions options;  ///< device.threads: those of this measurement
  unsigned ranks = 1;
  std::string engine;
  std::size_t training_images = 0, validation_images = 0;
  std::vector<double> training_seconds{}, validation_seconds{};  ///< one a timed epoch
  std::vector<double> step_seconds{};                            ///< of all timed steps but each epoch's first, sorted
  double start_up_seconds = 0;                                   ///< from the start of the process to the first step
  std::uint64_t phase_steps = 0;
  Diagnostics diagnostics{};      ///< over phase_steps steps
  std::uint64_t peak_memory = 0;  ///< bytes

  double images_per_second() const;
  /// Of the network's arithmetic, in the steps whose phases were timed; 0 where it is not counted.
  double operations_per_second() const;
};

/// For each number of threads, trains one epoch to warm up and then those that are timed. nullopt when a signal asked
/// for a stop, or no epoch was asked for.
std::optional<std::vector<BenchResult>> measure(const BenchOptions& options, Streams& streams);

/// The first ranks of several, 1, 2, 4 and so on up to all: the same batch shared out among them, and as many images a
/// step for each of them as one alone has.
struct RankScaling {
  std::vector<BenchResult> strong, weak;  ///< a number of ranks each; `weak` from 2 on
};

/// Measures each of them as above, in all ranks. nullopt when a signal asked one of them to stop.
std::optional<RankScaling> measure_ranks(const BenchOptions& options, Ranks& ranks, Streams& streams);

std::string bench_text(const BenchResult& result, const Terminal& terminal);
Json bench_json(const BenchResult& result);

/// Several measurements that differ in the number of threads, beside the one with the fewest.
std::string scaling_text(const std::vector<BenchResult>& results);
Json scaling_json(const std::vector<BenchResult>& results);
std::string scaling_text(const RankScaling& scaling);
Json scaling_json(const RankScaling& scaling);

}  // namespace nib
