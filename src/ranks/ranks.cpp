#include "ranks/ranks.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <numeric>
#include <sstream>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/output.h"
#include "base/signals.h"
#include "base/text.h"
#include "ranks/facts.h"
#include "ranks/module.h"
#include "ranks/mpi_communicator.h"
#include "ranks/peers.h"

namespace nib {
namespace {

/// Where ranks may come at very different times: data are loaded before the first exchange, and rank 0 has the last
/// files to write and pictures to draw before the last one.
constexpr unsigned times_at_both_ends = 10;

ranks::Patience patience_of(const Launch& launch, const Environment& environment) {
  ranks::Patience patience;
  const std::string name = "NIB_RANK_TIMEOUT", text = environment(name);
  constexpr std::uint64_t most = 86'400;
  const std::optional<std::uint64_t> seconds = parse_unsigned(text);
  if (text.empty()) return patience;
  if (!seconds || *seconds == 0 || *seconds > most)
    refuse(launch, usage_error({.file = name,
                                .problem = "not a whole number of seconds between 1 and " + std::to_string(most),
                                .got = "\"" + printable(text, 80) + "\""}));
  patience.limit = std::chrono::seconds(*seconds);
  return patience;
}

const char* const alone_hint = " off lets each process work alone";

void check_launch(const Launch& launch) {
  if (launch.kind == Launch::Kind::torchrun)
    refuse(launch, usage_error({.setting = "ranks",
                                .problem = "torchrun started " + std::to_string(launch.size) +
                                           " processes, but brings no MPI for them to work together",
                                .hint = "start them by mpirun -n " + std::to_string(launch.size) + " or srun; " +
                                        setting("ranks") + alone_hint}));
  if (launch.kind == Launch::Kind::plain)
    refuse(launch, usage_error({.setting = "ranks",
                                .problem = "srun started " + std::to_string(launch.size) +
                                           " processes without MPI, so that they do not know of each other",
                                .hint = "srun --mpi=pmix for Open MPI, srun --mpi=pmi2 for MPICH; " + setting("ranks") +
                                        alone_hint}));
}

/// Whose module is to be loaded: NIB_MPI goes over what the launcher's variables tell.
std::string wanted_library(const Launch& launch, const Environment& environment) {
  const std::string name = "NIB_MPI", wanted = environment(name);
  if (wanted.empty()) return launch.library;
  if (std::ranges::none_of(ranks::mpi_libraries, [&](const auto& each) { return each.name == wanted; }))
    refuse(launch, usage_error({.file = name,
                                .problem = "no MPI that nib knows",
                                .expected = "openmpi or mpich",
                                .got = "\"" + printable(wanted, 80) + "\""}));
  return wanted;
}

/// Ends this process where a call of MPI that waits for all ranks does not return within the limit, or a signal comes
/// meanwhile: nobody looks for a stop in there. MPICH waits for ever for a process that ended before it started MPI, by
/// an error in its options.
class CallWatch {
 public:
  /// `what` MPI did not do. The later a rank, the longer it waits: the first to tell has the launcher end the others.
  CallWatch(const std::string& what, unsigned rank, const ranks::Patience& patience)
      : watch_([=](const std::stop_token& returned) {
          const SignalsHeld held;  // they come to the thread that calls
          constexpr std::chrono::milliseconds tick(20);
          std::mutex mutex;
          std::unique_lock lock(mutex);
          std::condition_variable_any change;
          const auto turn = std::min(rank * patience.leader, times_at_both_ends * patience.limit);
          // In ticks, as the time in which this process was stopped itself does not count.
          for (ranks::Clock::duration waited{}; waited < patience.limit + turn; waited += tick) {
            change.wait_for(lock, returned, tick, [] { return false; });
            if (returned.stop_requested()) return;
            if (const int signal = requested_stop(); signal != 0) _exit(128 + signal);
          }
          Output(STDERR_FILENO)
              .write(fmt::format("nib: error: rank {}: MPI did not {} within {:g} s\n"
                                 "hint: a process that ended or was stopped before, or could not be started; "
                                 "NIB_RANK_TIMEOUT is the limit\n",
                                 rank, what, std::chrono::duration<double>(patience.limit).count()));
          std::this_thread::sleep_for(patience.reading);
          _exit(static_cast<int>(ExitCode::device));
        }) {}

 private:
  std::jthread watch_;
};

std::vector<std::size_t> equal_ends(unsigned size, std::size_t bytes) {
  std::vector<std::size_t> ends(size);
  for (unsigned rank = 0; rank < size; ++rank) ends[rank] = (rank + 1) * bytes;
  return ends;
}

}  // namespace

void refuse(const Launch& launch, Error error) {
  if (launch.rank != 0) throw ToldElsewhere{error.code()};
  throw error;
}

struct Ranks::Mpi {
  Mpi(const ranks::MpiFunctions& mpi, unsigned rank, unsigned size, const ranks::Patience& limits)
      : patience(limits), peers(mpi, rank, size, limits), all(peers, size) {}

  /// Parts of all ranks, of the same length or of any.
  std::vector<std::string> gather(const std::string& part, std::size_t length) {
    const unsigned size = peers.size();
    std::string buffer(size * length, '\0');
    part.copy(buffer.data() + peers.rank() * length, length);
    exchange(buffer, equal_ends(size, length));
    std::vector<std::string> parts;
    for (unsigned rank = 0; rank < size; ++rank) parts.push_back(buffer.substr(rank * length, length));
    return parts;
  }
  std::vector<std::string> gather(const std::string& part) {
    std::uint64_t length = part.size();
    std::string number(sizeof(length), '\0');
    std::memcpy(number.data(), &length, sizeof(length));
    std::vector<std::size_t> ends;
    for (const std::string& each : gather(number, sizeof(length))) {
      std::memcpy(&length, each.data(), sizeof(length));
      ends.push_back((ends.empty() ? 0 : ends.back()) + length);
    }
    std::string buffer(ends.back(), '\0');
    const auto begin = [&](unsigned rank) { return rank == 0 ? 0 : ends[rank - 1]; };
    part.copy(buffer.data() + begin(peers.rank()), part.size());
    exchange(buffer, ends);
    std::vector<std::string> parts;
    for (unsigned rank = 0; rank < peers.size(); ++rank)
      parts.push_back(buffer.substr(begin(rank), ends[rank] - begin(rank)));
    return parts;
  }

  void exchange(std::string& buffer, const std::vector<std::size_t>& ends) {
    all.gather_all(std::as_writable_bytes(std::span(buffer)), ends, times_at_both_ends, ranks::Heed::limit_only);
  }

  const ranks::Patience patience;
  ranks::Peers peers;
  ranks::MpiCommunicator all;
  std::optional<ranks::MpiCommunicator> narrowed{};
};

Ranks::Ranks(RanksMode mode, const Environment& environment, const std::vector<std::filesystem::path>& folders) {
  if (mode == RanksMode::off) return;
  const Launch launch = find_launch(environment);
  if (mode == RanksMode::automatic) {
    if (launch.kind == Launch::Kind::alone) return;
    check_launch(launch);
  }
  const ranks::Patience patience = patience_of(launch, environment);
  const ranks::MpiFunctions& mpi = ranks::load_module(folders, wanted_library(launch, environment));
  int rank = 0, size = 1;
  const int failure = [&] {
    const CallWatch watch("start", launch.rank, patience);
    return mpi.start(&rank, &size);
  }();
  mpi_ = std::make_unique<Mpi>(mpi, static_cast<unsigned>(rank), static_cast<unsigned>(size), patience);
  if (failure != 0)
    throw device_error({.file = "rank " + std::to_string(launch.rank),
                        .problem = "MPI did not start: " + mpi_->peers.description(failure)});
  const bool told = launch.kind != Launch::Kind::alone && launch.size > 0;
  const bool is_another = told ? launch.size != this->size() : launch.rank >= this->size();
  if (launch.kind != Launch::Kind::alone && is_another)
    refuse(launch, device_error({.file = library(),
                                 .problem = "sees " + std::to_string(size) +
                                            " of the processes that were started "
                                            "together: the launcher belongs to another MPI",
                                 .expected = launch.variable + (told ? "=" + std::to_string(launch.size) : ""),
                                 .hint = "take the mpirun of this MPI (mpirun.openmpi, mpirun.mpich), or name the "
                                         "launcher's MPI in NIB_MPI"}));
}

Ranks::~Ranks() = default;

unsigned Ranks::rank() const { return mpi_ ? mpi_->peers.rank() : 0; }
unsigned Ranks::size() const { return mpi_ ? mpi_->peers.size() : 1; }

std::string Ranks::library() const {
  if (!mpi_) return "";
  std::array<char, 100> text{};
  mpi_->peers.mpi().library(text.data(), static_cast<int>(text.size()));
  std::istringstream words(text.data());  // "Open MPI v4.1.4", "MPICH Version:\t4.0.2"
  std::string title;
  for (std::string word; words >> word;)
    if (word != "Version:") title += (title.empty() ? "" : " ") + printable(word);
  return title;
}

Communicator* Ranks::communicator() const { return size() > 1 ? &mpi_->all : nullptr; }

Communicator* Ranks::narrowed(unsigned members) {
  if (members == size()) return communicator();
  const int failure = [&] {
    const CallWatch watch("divide the ranks", rank(), mpi_->patience);
    return mpi_->peers.mpi().narrow(static_cast<int>(members));
  }();
  mpi_->peers.check(failure, "narrow");
  mpi_->narrowed.emplace(mpi_->peers, members);
  return members > 1 && rank() < members ? &*mpi_->narrowed : nullptr;
}

void Ranks::require_same(const std::string& build, const std::vector<RankFact>& facts) {
  if (size() == 1) return;
  constexpr std::size_t build_length = 128;
  const auto check = [](const std::vector<RankFact>& expected, const std::vector<std::string>& texts) {
    if (std::optional<Error> difference = first_difference(expected, texts)) throw *std::move(difference);
  };
  const std::vector<RankFact> first{{"build", build.substr(0, build_length / 2), ExitCode::device}};
  check(first, mpi_->gather(fact_text(first), build_length));
  check(facts, mpi_->gather(fact_text(facts)));
}

bool Ranks::share_stop() {
  if (size() == 1) return requested_stop() != 0;
  const auto stop = static_cast<char>(requested_stop());
  for (const std::string& each : mpi_->gather(std::string(1, stop), 1)) {
    if (each[0] == 0) continue;
    request_stop(each[0]);
    return true;
  }
  return false;
}

std::string Ranks::from_leader(std::string_view value) {
  if (size() == 1) return std::string(value);
  return mpi_->gather(std::string(leads() ? value : std::string_view())).front();
}

unsigned Ranks::beside_on(const std::string& cores) {
  if (size() == 1) return 1;
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const std::string place = std::string(host.data()) + '\0' + cores;
  const std::vector<std::string> places = mpi_->gather(place);
  return static_cast<unsigned>(std::ranges::count(places, place));
}

void Ranks::wait() {
  if (size() > 1) mpi_->gather(std::string(1, '\0'), 1);  // for no bytes at all MPICH makes no exchange
}

int Ranks::end(int code) {
  if (!mpi_) return code;
  const int of_leader = static_cast<unsigned char>(mpi_->gather(std::string(1, static_cast<char>(code)), 1).front()[0]);
  ignore_stops();  // all is done, and a launcher may end the last ranks as the first one has a code other than 0
  constexpr unsigned most_seconds = 10;  // some library may wait for a rank that is gone already
  ranks::end_within(most_seconds, of_leader);
  mpi_->peers.mpi().end();
  alarm(0);
  return of_leader;
}

bool Ranks::give_up(const Error& error, const std::string& line, const std::string& hint) {
  return size() == 1 || mpi_->peers.give_up(error, line, hint);
}

void Ranks::end_all(int code) {
  if (size() == 1) return;
  mpi_->peers.wait_for_end();
  mpi_->all.abort(code);
}

}  // namespace nib
