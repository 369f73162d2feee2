#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "nib/error.h"
#include "ranks/border.h"

namespace nib::ranks {

using Clock = std::chrono::steady_clock;

/// How long a rank waits for another one.
struct Patience {
  Clock::duration limit = std::chrono::seconds(60);               ///< in an exchange
  Clock::duration after_signal = std::chrono::milliseconds(500);  ///< asked to stop: the launcher may end all soon
  Clock::duration answer = std::chrono::milliseconds(300);        ///< to the question who is there
  Clock::duration leader = std::chrono::seconds(2);               ///< until rank 0 has heard of a failure
  Clock::duration reading = std::chrono::milliseconds(500);       ///< for the launcher to pass on what was told
  Clock::duration end = std::chrono::seconds(10);                 ///< until rank 0 has ended all of them behind it
};

/// Another rank failed, or does not answer: the line names it.
class PeerError : public Error {
 public:
  PeerError(ExitCode code, Problem problem, bool is_told) : Error(code, std::move(problem)), is_told_(is_told) {}
  bool is_told() const { return is_told_; }  ///< by another rank

 private:
  bool is_told_;
};

enum class Heed { signals, limit_only };

/// The other ranks of a process: waits for their exchanges with a limit, and hears when one of them fails. One rank
/// tells what went wrong: rank 0, or where that is out of reach the one that knows.
class Peers {
 public:
  Peers(const MpiFunctions& mpi, unsigned rank, unsigned size, Patience patience);

  unsigned rank() const { return rank_; }
  unsigned size() const { return size_; }
  const MpiFunctions& mpi() const { return mpi_; }

  /// Throws Error (device) for what MPI says went wrong with a call.
  void check(int failure, const char* what) const;
  std::string description(int failure) const;  ///< in MPI's words

  /// Until the exchange that was begun is done, or `times` the limit. Once a stop was asked for, where signals are
  /// heeded, it waits little longer than steps take: a rank that was killed has the others ended by the launcher.
  /// Throws PeerError.
  void wait(unsigned times, Heed heed);

  /// This rank cannot go on: the others hear of it, with line and hint as they shall be told. Returns whether this rank
  /// is the one to tell why.
  bool give_up(const Error& error, const std::string& line, const std::string& hint);
  /// Whether an exchange was left for a failure that another rank tells.
  bool is_told() const { return is_broken_ && !tells_; }
  /// Until the launcher ends this process, as another rank has all ended; no longer than Patience::end. In rank 0, and
  /// in the rank that tells why that does not answer, only until the line is read: some launchers drop it with the
  /// process.
  void wait_for_end();

 private:
  enum class Kind : char {
    failure = 'f',
    told = 't' /* a failure, and its line */,
    found = 'n' /* a failure of others, for who gets this to tell */,
    heard = 'h' /* of a failure; this rank makes no more exchanges */,
    question = 'q',
    here = 'a'
  };
  struct Message {
    Kind kind{};
    unsigned from = 0;
    ExitCode code{};
    std::string line{}, hint{};
  };

  void send(unsigned to, Kind kind, ExitCode code = {}, const std::string& text = {}) const;
  void send_to_others(Kind kind, ExitCode code = {}, const std::string& text = {}) const;
  void poll(unsigned times, Heed heed);
  void hear();  ///< all messages that are there
  void hear_failures();
  bool exchange_is_done() const;
  /// Throws where some do not answer. Returns where the exchange is done meanwhile, or all are there.
  void ask_who_is_there(const std::string& why);
  /// Others may still read from the buffer of the exchange that this rank leaves, until they have left it, too. Waits
  /// for that where this rank goes on to tell or to record the failure; else the buffer stays to the end.
  void leave();
  /// This rank's failure. Returns whether it is for this rank to tell: rank 0 does where it hears of it.
  bool tell(const Error& error, const std::string& line, const std::string& hint);
  Clock::duration longest_step() const;

  const MpiFunctions& mpi_;
  unsigned rank_, size_;
  Patience patience_;
  std::vector<bool> is_here_;     ///< has said so since it was asked
  std::deque<Message> failures_;  ///< of other ranks
  std::vector<bool> has_left_;    ///< has heard of a failure, is out of reach, or is this one: not waited for
  /// An exchange was left before its end. MPI still knows of its buffer, which may be gone: it is not to be called any
  /// more, but to end all.
  bool is_broken_ = false;
  bool tells_ = true;                     ///< why it is broken
  bool leads_ = true;                     ///< rank 0 answers
  std::deque<Clock::time_point> begins_;  ///< of the last exchanges
};

}  // namespace nib::ranks
