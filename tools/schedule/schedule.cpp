// What a training step of the CPU engine would take on 2 to 64 cores, from what its tasks take on one.
//
// For each number of threads the engine cuts its passes as it would, but does their tasks one after another, with a
// clock around each. The times then go through the team's own rules (see makespan.h), with what a hand-over between two
// threads costs on this machine, or what is given for it, and with what a step does between its passes. The efficiency
// is the time of a step that is cut for one thread, over `threads` times that of the simulated one. What cores do to
// each other is not seen: they share memory, a last cache and a clock. How much of a thread's data is in its own caches
// is open, so both ends are told: all that one core would keep, or nothing when a thread begins its part of a pass.
//
// Every step is taken several times with a learning rate of 0, and the least time of each task counts: what else the
// machine does then disturbs little.
//
// usage: schedule DATA [BATCH [NETWORK.json [HANDOVER_NANOSECONDS]]]

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/catalogue.h"
#include "engines/cpu/step.h"
#include "makespan.h"
#include "model/network_json.h"
#include "nib/training.h"
#include "tool_main.h"

namespace nib {
namespace {

using cpu::PassRecorder;
using cpu::PassTimes;

/// More than the first and second caches of today's cores.
constexpr std::size_t own_caches = 2 << 20;

constexpr unsigned warming_steps = 60, measured_steps = 8, repeats = 5;

/// One training step: what its passes took, and the rest of it.
struct StepTimes {
  std::vector<PassTimes> passes;
  double between = 0;
};

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Of several times of the same step, each part's least.
void keep_least(StepTimes& least, const StepTimes& times) {
  least.between = std::min(least.between, times.between);
  for (std::size_t pass = 0; pass < least.passes.size(); ++pass) {
    std::vector<double>& tasks = least.passes[pass].task_seconds;
    for (std::size_t task = 0; task < tasks.size(); ++task)
      tasks[task] = std::min(tasks[task], times.passes[pass].task_seconds[task]);
  }
}

/// Fills the caches of this core's own with something else, as if the next task began on another.
void forget_caches() {
  static std::vector<std::uint8_t> other(own_caches, 1);
  static volatile std::uint8_t seen = 0;
  for (std::size_t i = 0; i < other.size(); i += 64) seen = seen + other[i];
}

/// Trains on its own, with its passes cut for so many threads.
class Trainee {
 public:
  Trainee(const Network& network, const Dataset& dataset, std::uint32_t batch, unsigned threads)
      : options_{.network = network, .batch = batch, .cpu = {.threads = threads}},
        dataset_(dataset),
        order_(shuffled_order(0, 1, static_cast<std::uint32_t>(dataset.size()))),
        runner_(options_, &recorder_) {
    runner_.set_parameters(initial_parameters(network, 0));
    recorder_.change_thread = [this] {
      if (moving_) forget_caches();
    };
  }

  /// A step on batch `index`; `moving`: as if each thread's first task of a pass found nothing in its caches.
  StepTimes step(std::size_t index, double learning_rate, bool moving) {
    moving_ = moving;
    recorder_.passes.clear();
    const std::size_t batch = std::min<std::size_t>(options_.batch, order_.size()), batches = order_.size() / batch;
    const std::span<const std::uint32_t> images = std::span(order_).subspan(index % batches * batch, batch);
    const auto begin = std::chrono::steady_clock::now();
    runner_.train(dataset_, images, ++number_, learning_rate, flags_);
    const double whole = seconds_since(begin);
    const std::vector<PassTimes>& passes = recorder_.passes;
    const double inside = std::accumulate(passes.begin(), passes.end(), 0.0,
                                          [](double sum, const PassTimes& pass) { return sum + pass.seconds; });
    return {passes, whole - inside};
  }

 private:
  EngineOptions options_;
  const Dataset& dataset_;
  std::vector<std::uint32_t> order_;
  PassRecorder recorder_;
  cpu::StepRunner runner_;
  cpu::Flags flags_;
  std::uint64_t number_ = 0;
  bool moving_ = false;
};

/// The same steps, one beside the other as the machine's speed drifts: cut for one thread; cut for `threads`, each with
/// its share of this core's caches; and the same with each thread's first task of a pass finding nothing in them.
struct Times {
  std::vector<StepTimes> alone, warm, cold;
};

Times measure(const Network& network, const Dataset& dataset, std::uint32_t batch, unsigned threads) {
  const cpu::FloatingPointEnvironment environment;
  Trainee alone(network, dataset, batch, 1), divided(network, dataset, batch, threads);
  for (std::size_t i = 0; i < warming_steps; ++i)
    for (Trainee* const trainee : {&alone, &divided}) trainee->step(i, 0.001, false);
  Times times;
  for (std::size_t i = warming_steps; i < warming_steps + measured_steps; ++i)
    for (unsigned repeat = 0; repeat < repeats; ++repeat) {
      const auto note = [&](std::vector<StepTimes>& steps, Trainee& trainee, bool moving) {
        trainee.step(i, 0, false);  // what the other has left in the caches is no part of it
        StepTimes step = trainee.step(i, 0, moving);
        if (repeat == 0)
          steps.push_back(std::move(step));
        else
          keep_least(steps.back(), step);
      };
      note(times.alone, alone, false);
      note(times.warm, divided, false);
      note(times.cold, divided, true);
    }
  return times;
}

/// Seconds that one thread takes to reach another: half of an empty run of two.
double measured_handover() {
  constexpr int rounds = 20000, runs = 20;  // short, so that both threads run through some of them
  cpu::Team team(2);
  double least = HUGE_VAL;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int run = 0; run < runs; ++run) team.run(2, [](unsigned, unsigned) {});
    least = std::min(least, seconds_since(begin) / runs / 2);
  }
  return least;
}

/// Means over the steps, in seconds.
struct PassMeans {
  std::string name;
  double tasks = 0, together = 0, longest = 0, pass = 0;
};
struct StepMeans {
  std::vector<PassMeans> passes;
  double between = 0, step = 0;
};

/// `between`: what a step does between its passes, which caches that were emptied in between would distort.
StepMeans simulate(const std::vector<StepTimes>& steps, double between, unsigned threads, double handover) {
  StepMeans means;
  const double share = 1 / static_cast<double>(steps.size());
  for (const StepTimes& step : steps) {
    means.passes.resize(step.passes.size());
    for (std::size_t i = 0; i < step.passes.size(); ++i) {
      const std::vector<double>& tasks = step.passes[i].task_seconds;
      PassMeans& pass = means.passes[i];
      pass.name = step.passes[i].name;
      pass.tasks += share * static_cast<double>(tasks.size());
      pass.together += share * std::accumulate(tasks.begin(), tasks.end(), 0.0);
      pass.longest += share * std::ranges::max(tasks);
      pass.pass += share * makespan(tasks, threads, handover);
    }
  }
  means.between = between;
  means.step = between;
  for (const PassMeans& pass : means.passes) means.step += pass.pass;
  return means;
}

void print(const Times& times, unsigned threads, double handover) {
  double between = 0;
  for (const StepTimes& step : times.alone) between += step.between / static_cast<double>(times.alone.size());
  const StepMeans alone = simulate(times.alone, between, 1, handover);
  const StepMeans warm = simulate(times.warm, between, threads, handover);
  const StepMeans cold = simulate(times.cold, between, threads, handover);
  const double fair = alone.step / threads;
  fmt::print(
      "{:>2} threads: {:>6.1f} us a step, {:.1f} on one: efficiency {:.2f}; from cold caches {:.1f} us: {:.2f}\n",
      threads, 1e6 * warm.step, 1e6 * alone.step, fair / warm.step, 1e6 * cold.step, fair / cold.step);
  for (std::size_t i = 0; i < warm.passes.size(); ++i) {
    const PassMeans& pass = warm.passes[i];
    fmt::print("    {:<9} {:>4.0f} tasks, together {:>7.1f} us, longest {:>6.1f}, pass {:>7.1f}; cold {:>7.1f}\n",
               pass.name, pass.tasks, 1e6 * pass.together, 1e6 * pass.longest, 1e6 * pass.pass,
               1e6 * cold.passes[i].pass);
  }
  std::fflush(stdout);
}

int schedule(const std::vector<std::string>& words) {
  const std::uint32_t batch = words.size() > 2 ? static_cast<std::uint32_t>(std::stoul(words[2])) : 128;
  const Network network = words.size() > 3 ? load_network(words[3]) : digits_network();
  const double handover = words.size() > 4 ? 1e-9 * std::stod(words[4]) : measured_handover();
  const DataCollection data = load_data(words[1]);
  fmt::print("batch {}, a hand-over between threads takes {:.0f} ns\n", batch, 1e9 * handover);
  for (const unsigned threads : {2u, 4u, 8u, 12u, 16u, 24u, 32u, 48u, 64u})
    print(measure(network, data.training, batch, threads), threads, handover);
  return 0;
}

}  // namespace
}  // namespace nib

int main(int count, char** values) {
  return nib::run_tool(count, values, 5, "schedule DATA [BATCH [NETWORK.json [HANDOVER_NANOSECONDS]]]", nib::schedule);
}
