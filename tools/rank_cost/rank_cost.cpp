// rank_cost DATA [BATCH [RANKS [NETWORK.json]]]: the processor time of a training step on ranks of one thread each,
// beside that of one process, phase by phase.
//
// The ranks are threads of this process, which exchange by copying; while they wait they sleep, and waiting costs
// nothing. Of each phase counts the rank that it takes longest. So the sum is what a step takes where every rank has a
// core of its own and the network costs as much as a copy: a busy machine changes it little. The rounds take turns with
// one process, as a machine's speed drifts; each figure is a median over them.

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "data/catalogue.h"
#include "engines/cpu/cpu_engine.h"
#include "engines/cpu/profile.h"
#include "model/network_json.h"
#include "nib/training.h"
#include "support/thread_ranks.h"
#include "tool_main.h"

namespace nib {
namespace {

constexpr unsigned rounds = 15;
constexpr std::size_t measured_rows = 16384;  // a round

double median(std::vector<double> numbers) {
  std::ranges::nth_element(numbers, numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2));
  return numbers[numbers.size() / 2];
}

/// Of a round: seconds a step of each phase, and of all that the calling thread does.
struct Round {
  std::vector<PhaseTime> phases;
  double whole = 0;
};

/// An engine with what it trains on.
class Trainee {
 public:
  Trainee(const EngineOptions& options, const std::shared_ptr<const Dataset>& dataset)
      : engine_(cpu::make_cpu_engine(options)),
        set_(engine_->upload(dataset)),
        steps_(std::max<std::size_t>(measured_rows / options.batch, 4)),
        order_(shuffled_order(0, 1, static_cast<std::uint32_t>(dataset->size()))),
        rates_(steps_, 0.001) {
    order_.resize(std::min<std::size_t>(order_.size() / options.batch, steps_) * options.batch);
    rates_.resize(order_.size() / options.batch);
  }

  Round measure() {
    const TrainingState begin = engine_->state();
    Round round{.phases = engine_->diagnostics(set_, order_, static_cast<unsigned>(rates_.size())).phases};
    for (PhaseTime& phase : round.phases) phase.seconds /= static_cast<double>(rates_.size());
    std::erase_if(round.phases, [](const PhaseTime& phase) { return phase.name == "waiting"; });
    const double before = cpu::thread_seconds();
    engine_->train(set_, order_, rates_, {});
    round.whole = (cpu::thread_seconds() - before) / static_cast<double>(rates_.size());
    engine_->set_state(begin);
    return round;
  }

 private:
  std::unique_ptr<Engine> engine_;
  ImageSet set_;
  std::size_t steps_;
  std::vector<std::uint32_t> order_;
  std::vector<double> rates_;
};

/// Of each phase the longest.
Round worst(const std::vector<Round>& ranks) {
  Round worst = ranks.front();
  for (const Round& rank : ranks) {
    for (std::size_t i = 0; i < worst.phases.size(); ++i)
      worst.phases[i].seconds = std::max(worst.phases[i].seconds, rank.phases[i].seconds);
    worst.whole = std::max(worst.whole, rank.whole);
  }
  return worst;
}

double sum(const Round& round) {
  double sum = 0;
  for (const PhaseTime& phase : round.phases) sum += phase.seconds;
  return sum;
}

double phase_median(const std::vector<Round>& rounds_of, const std::string& name) {
  std::vector<double> seconds;
  for (const Round& round : rounds_of)
    for (const PhaseTime& phase : round.phases)
      if (phase.name == name) seconds.push_back(phase.seconds);
  return seconds.empty() ? 0 : median(seconds);
}

void print(const std::vector<Round>& alone, const std::vector<Round>& ranks, unsigned size) {
  for (const PhaseTime& phase : ranks.front().phases) {
    const double before = phase_median(alone, phase.name), now = phase_median(ranks, phase.name);
    fmt::print("  {:<28} {:>8.3f} {:>8.3f}\n", phase.name, 1e3 * before, 1e3 * now);
  }
  const auto tell = [&](const char* name, const auto& figure) {
    std::vector<double> before, now, ratios;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      before.push_back(figure(alone[i]));
      now.push_back(figure(ranks[i]));
      ratios.push_back(now.back() / before.back() * size);
    }
    fmt::print("  {:<28} {:>8.3f} {:>8.3f}   {:.3f} of its share (least {:.3f}); {:.2f} times as fast\n", name,
               1e3 * median(before), 1e3 * median(now), median(ratios), std::ranges::min(ratios),
               size / median(ratios));
  };
  tell("phases", sum);
  tell("all that a thread does", [](const Round& round) { return round.whole; });
}

int rank_cost(const std::vector<std::string>& words) {
  const std::uint32_t batch = words.size() > 2 ? static_cast<std::uint32_t>(std::stoul(words[2])) : 128;
  const unsigned size = words.size() > 3 ? static_cast<unsigned>(std::stoul(words[3])) : 2;
  const Network network = words.size() > 4 ? load_network(words[4]) : digits_network();
  const auto dataset = std::make_shared<const Dataset>(load_data(words[1]).training);
  std::vector<Round> alone;
  std::vector<std::vector<Round>> ranks(rounds, std::vector<Round>(size));
  ThreadRanks meeting(size);
  rethrow_first(meeting.run([&](Communicator& communicator) {
    EngineOptions options{.network = network, .batch = batch, .cpu = {.threads = 1}};
    Trainee lone(options, dataset);
    options.communicator = &communicator;
    Trainee rank(options, dataset);
    for (std::vector<Round>& round : ranks) {
      if (communicator.rank() == 0) alone.push_back(lone.measure());  // the others wait for it
      round[communicator.rank()] = rank.measure();
    }
  }));
  fmt::print("batch {}: milliseconds a step, of one process and of the slowest of {} ranks\n", batch, size);
  std::vector<Round> slowest;
  for (const std::vector<Round>& round : ranks) slowest.push_back(worst(round));
  print(alone, slowest, size);
  return 0;
}

}  // namespace
}  // namespace nib

int main(int count, char** values) {
  return nib::run_tool(count, values, 5, "rank_cost DATA [BATCH [RANKS [NETWORK.json]]]", nib::rank_cost);
}
