// What may befall one of several ranks at a call of MPI that all of them make: it is killed, it is stopped, or the
// exchange fails there (tests/support/mpi_mishaps.cpp). Whatever the exchange is for, all ranks end in bounded time,
// one line names the rank, and the run's folder tells the truth and goes on. A sample here; tools/mishaps tries every
// call.

#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/mishap_figures.h"
#include "commands/launched.h"
#include "tests/places.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr unsigned ranks = 3;

/// Branches of convolutions, rows of dense layers both packed and where they lie, an update that is shared out and one
/// that is not.
constexpr const char* network = R"({"input": [28, 28, 1], "layers": [
    {"type": "convolution", "filters": 8, "kernel": [3, 3], "activation": "relu"}, {"type": "max_pool", "size": [2, 2]},
    {"type": "flatten"}, {"type": "dense", "units": 100, "activation": "relu"}, {"type": "dropout", "rate": 0.3},
    {"type": "dense", "units": 10, "activation": "softmax"}]})";

struct Mishap {
  std::size_t call = 0;  ///< from 1
  std::string what;      ///< see mpi_mishaps.cpp
  unsigned rank = 0;
  bool is_kill() const { return what.starts_with("kill"); }
};

struct MpiCall {
  std::string name;
  long bytes = 0;
};

class ExchangeMishaps : public UnderMpi {
 protected:
  void SetUp() override {
    UnderMpi::SetUp();
    make_file(folder / "net.json", network);
  }

  /// Two steps an epoch, a checkpoint behind each; the weights of an earlier epoch are tested.
  static std::vector<std::string> training(const std::string& out) {
    return small_training({"--network", "net.json", "--batch", "128", "--save-every", "1", "--restore-best",
                           "--learning-rate", "0.05", "--out", out});
  }

  /// That all ranks make together in the course of a command.
  std::vector<MpiCall> calls_of(const std::vector<std::string>& arguments) {
    const Ending ending = launched(ranks, preloaded(0) + "export NIB_MPI_CALLS=calls;", arguments)->run();
    EXPECT_EQ(ending.code, 0) << ending.errors;
    std::vector<MpiCall> calls;
    std::ifstream file(folder / "calls");
    for (MpiCall call; file >> call.name >> call.bytes;) calls.push_back(call);
    return calls;
  }

  /// How the command ends where a mishap befalls a rank. All of its processes have ended then, by themselves.
  Ending end_of(const std::vector<std::string>& arguments, const Mishap& mishap) {
    const auto program = launched(ranks,
                                  "export NIB_RANK_TIMEOUT=3; " + preloaded(mishap.rank) + "export NIB_MPI_CALL=" +
                                      std::to_string(mishap.call) + " NIB_MPI_MISHAP=" + mishap.what + ";",
                                  arguments);
    program->start();
    std::atomic<bool> in_time = true;
    const std::jthread limit([&](const std::stop_token& ended) {
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any().wait_for(lock, ended, std::chrono::seconds(120), [] { return false; });
      if (ended.stop_requested()) return;
      in_time = false;
      program->signal(SIGKILL);
    });
    Ending ending = plain(program->wait());
    EXPECT_TRUE(in_time) << "the launcher did not end";
    for (unsigned rank = 0; rank < ranks; ++rank)
      if (!has_ended(rank)) {
        ADD_FAILURE() << "rank " << rank << " did not end";
        kill(process_of(rank), SIGKILL);
      }
    return ending;
  }

  /// That all end by each of these mishaps, and what else `check` looks for. `calls` are those of an undisturbed run.
  void expect_ends(const std::vector<std::string>& arguments, const std::vector<MpiCall>& calls,
                   const std::vector<Mishap>& mishaps, const std::function<void(const Ending&, const Mishap&)>& check) {
    for (const Mishap& mishap : mishaps) {
      const MpiCall& call = calls.at(mishap.call - 1);
      SCOPED_TRACE("call " + std::to_string(mishap.call) + ", " + call.name + " of " + std::to_string(call.bytes) +
                   " bytes: " + mishap.what + " rank " + std::to_string(mishap.rank));
      const Ending ending = end_of(arguments, mishap);
      if (call.name != "MPI_Finalize") expect_told(ending, mishap, call.name == "MPI_Iallgatherv");
      check(ending, mishap);
      if (HasFailure()) FAIL() << ending.errors;
    }
    test::tell_figures(GetParam() + ": " + std::to_string(mishaps.size()) + " mishaps at " +
                       std::to_string(calls.size()) + " calls of MPI");
  }

  /// These, or with tools/mishaps at each call a kill, a stop and a broken exchange, each on another rank.
  static std::vector<Mishap> sample_or_all(std::vector<Mishap> sample, const std::vector<MpiCall>& calls) {
    if (test::figures_file() == nullptr) return sample;
    std::vector<Mishap> all;
    for (std::size_t call = 1; call <= calls.size(); ++call) {
      const auto first = static_cast<unsigned>(call);
      const bool is_exchange = calls[call - 1].name == "MPI_Iallgatherv", is_last = call + 1 >= calls.size();
      const std::string when = is_exchange && !is_last && call % 2 == 0 ? "-within" : "";  // the last one is done then
      all.push_back({call, "kill" + when, first % ranks});
      all.push_back({call, "stop" + when, (first + 1) % ranks});
      if (is_exchange) all.push_back({call, call % 3 == 0 ? "refuse" : "break", (first + 2) % ranks});
    }
    return all;
  }

  /// The first with the most bytes: in a training, the first rows and branches of a step.
  static std::size_t largest_of(const std::vector<MpiCall>& calls) {
    return static_cast<std::size_t>(std::ranges::max_element(calls, {}, &MpiCall::bytes) - calls.begin()) + 1;
  }

  /// Rank 0 may have all that it needs: in the last call, MPI_Finalize, the exchange before it, and that in which ranks
  /// ask each other whether to stop.
  static bool is_behind_the_work(const Mishap& mishap, const std::vector<MpiCall>& calls) {
    return mishap.call + 2 >= calls.size();
  }

  /// The run's record, and what it leaves.
  void expect_truth_of_run(const Mishap& mishap, const std::vector<MpiCall>& calls) {
    const bool has_record = fs::exists(folder / "run/run.json");
    const bool may_be_finished = is_behind_the_work(mishap, calls);
    const std::string status = has_record ? status_of("run") : "";
    if (!may_be_finished) {
      EXPECT_NE(status, "finished");
      if (has_record && !mishap.is_kill() && mishap.rank != 0) {
        EXPECT_EQ(status, "failed");
      }
    }
    if (status != "finished") expect_goes_on();
    EXPECT_EQ(hash_of("run"), hash_of("alone"));
    fs::remove_all(folder / "run");
  }

  /// The run goes on from what was left, or another takes its folder.
  void expect_goes_on() const {
    const bool has_checkpoint = fs::exists(folder / "run/checkpoint.safetensors");
    std::vector<std::string> arguments = training("run");
    arguments.emplace_back("--force");
    if (has_checkpoint) arguments = {"train", "--resume", "run", "--no-pictures"};
    const Ending ending = nib(arguments, folder.path());
    EXPECT_EQ(ending.code, 0) << ending.errors;
    for (const auto& entry : fs::directory_iterator(folder / "run"))
      EXPECT_NE(entry.path().filename().string().front(), '.') << entry.path() << " was left";
  }

 private:
  /// For the shell's line; the library's variables come behind it, and count in that rank alone.
  std::string preloaded(unsigned rank) const {
    return "test $RANK != " + std::to_string(rank) + " || export LD_PRELOAD=" NIB_MPI_MISHAPS + GetParam() +
           ".so ASAN_OPTIONS=verify_asan_link_order=0:$ASAN_OPTIONS; ";
  }

  /// A process that nobody has waited for yet has ended as well.
  bool has_ended(unsigned rank) const {
    for (int tries = 0; tries < 100; ++tries) {
      std::string word;
      std::ifstream status("/proc/" + std::to_string(process_of(rank)) + "/status");
      while (status >> word && word != "State:") {
      }
      if (!(status >> word) || word == "Z") return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

  /// The launcher tells of a kill, and may leave nib no time for its line.
  void expect_told(const Ending& ending, const Mishap& mishap, bool is_exchange) const {
    const std::vector<std::string> lines = lines_of_nib(ending);
    const std::string rank = "rank " + std::to_string(mishap.rank);
    if (mishap.is_kill()) {
      // A transport that reads from the memory of a process that is gone may end another one by itself.
      if (GetParam() == "openmpi") {
        EXPECT_EQ(ending.code, 128 + SIGKILL);
      } else {
        EXPECT_THAT(ending.code, AnyOf(SIGKILL, SIGABRT, SIGTERM));
      }
      EXPECT_LE(lines.size(), 1u);
    } else if (is_exchange) {
      EXPECT_THAT(ending.code, AnyOf(5, 128 + SIGSEGV))
          << "Open MPI's mpirun crashes at its own end once in hundreds of times";
      ASSERT_THAT(lines, SizeIs(1));
    } else {
      EXPECT_NE(ending.code, 0) << "it may be the launcher's own";
      ASSERT_THAT(lines, SizeIs(1));
    }
    if (lines.empty()) return;
    if (!is_exchange)
      EXPECT_THAT(lines.front(), HasSubstr(": MPI did not "));
    else if (mishap.what == "break" || mishap.what == "refuse")
      EXPECT_THAT(lines.front(), StartsWith("nib: error: " + (mishap.rank == 0 ? "" : rank + ": ") +
                                            "MPI: " + (mishap.what == "break" ? "exchange: " : "gather: ")));
    else
      EXPECT_THAT(lines.front(), HasSubstr("no answer from " + rank + (mishap.is_kill() ? "" : " within ")));
  }
};

TEST_P(ExchangeMishaps, EndATraining) {
  ASSERT_EQ(nib(training("alone"), folder.path()).code, 0);
  const std::vector<MpiCall> calls = calls_of(training("counted"));
  const std::size_t step = largest_of(calls);
  expect_ends(training("run"), calls,
              sample_or_all({{step, "kill-within", 0}, {step + 1, "stop", 2}, {step + 2, "break", 1}}, calls),
              [&](const Ending&, const Mishap& mishap) { expect_truth_of_run(mishap, calls); });
}

TEST_P(ExchangeMishaps, EndAnEvaluationSlow) {
  ASSERT_EQ(nib(training("alone"), folder.path()).code, 0);
  const std::vector<std::string> arguments{"evaluate", "alone",         "--data", "set",    "--device",
                                           "cpu",      "--no-pictures", "--out",  "answers"};
  const std::vector<MpiCall> calls = calls_of(arguments);
  fs::remove_all(folder / "answers");
  expect_ends(arguments, calls,
              sample_or_all({{largest_of(calls), "break", 2}, {largest_of(calls), "refuse", 1}}, calls),
              [&](const Ending&, const Mishap& mishap) {
                if (!is_behind_the_work(mishap, calls)) {
                  EXPECT_FALSE(fs::exists(folder / "answers/evaluation.json"));
                }
                fs::remove_all(folder / "answers");
              });
}

TEST_P(ExchangeMishaps, EndAMeasurementSlow) {
  const std::vector<std::string> arguments{"bench", "--data",    "set", "--network", "net.json", "--epochs",
                                           "1",     "--threads", "1",   "--batch",   "128",      "--json"};
  const std::vector<MpiCall> calls = calls_of(arguments);
  const auto split = std::ranges::find(calls, "MPI_Comm_split", &MpiCall::name);
  ASSERT_NE(split, calls.end());
  const auto divide = static_cast<std::size_t>(split - calls.begin()) + 1;
  expect_ends(arguments, calls, {{divide, "stop", 2}}, [](const Ending& ending, const Mishap& mishap) {
    if (!mishap.is_kill()) {
      EXPECT_THAT(ending.output, Not(HasSubstr("{"))) << "of the document";
    }
  });
}

/// Where ranks meet with their data at hand, just before the engine's first exchange, of their numbers of threads.
TEST_P(ExchangeMishaps, AreNoneWhereDataComeLateSlow) {
  ASSERT_EQ(nib(training("alone"), folder.path()).code, 0);
  const std::vector<MpiCall> calls = calls_of(training("counted"));
  const auto threads = std::ranges::find(calls, static_cast<long>(ranks * sizeof(std::uint32_t)), &MpiCall::bytes);
  ASSERT_NE(threads, calls.end());
  const auto meeting = static_cast<std::size_t>(threads - calls.begin());
  const Ending ending = end_of(training("run"), {meeting, "late", 1});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_EQ(hash_of("run"), hash_of("alone"));
}

INSTANTIATE_TEST_SUITE_P(Mpi, ExchangeMishaps, testing::Values("openmpi", "mpich"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nib
