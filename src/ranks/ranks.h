#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nib/communicator.h"
#include "nib/error.h"
#include "ranks/facts.h"
#include "ranks/launch.h"

namespace nib {

/// Whether processes of a launcher work together: where there is one, whatever there is, or never.
enum class RanksMode { automatic, mpi, off };

/// The processes that work together, as one of them sees them. Alone, all of this is there and does nothing.
///
/// All ranks make the same calls in the same order. Those that wait for others throw Error where one of them fails, or
/// does not answer in time.
class Ranks {
 public:
  /// Starts MPI where `mode` and the launch ask for it. Throws Error: usage for a launcher without MPI, or of another
  /// MPI than was asked for; device where there is no module, or it sees other ranks than the launcher started.
  Ranks(RanksMode mode, const Environment& environment, const std::vector<std::filesystem::path>& folders);
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  unsigned rank() const;
  unsigned size() const;
  bool leads() const { return rank() == 0; }  ///< writes all files and tells all that is to be told
  std::string library() const;                ///< "Open MPI v4.1.4"; empty alone

  /// For engines; null alone.
  Communicator* communicator() const;
  /// Of ranks 0 to members - 1, for these to exchange among themselves until it is called again. All ranks call it;
  /// null for the others, which go on to the next exchange of all, and where there is one member.
  Communicator* narrowed(unsigned members);

  /// Throws Error, the same on every rank, where a fact is not what rank 0 has. `build` comes first, by itself: other
  /// builds may know of other facts.
  void require_same(const std::string& build, const std::vector<RankFact>& facts);
  /// Where a signal asked one of them to stop, it is as if it had asked all. Whether it did: all get the same answer,
  /// and go by that alone, as another signal may come to one of them behind it.
  bool share_stop();
  /// What rank 0 has, for all.
  std::string from_leader(std::string_view value);
  /// How many of them run on this rank's machine, on the same cores.
  unsigned beside_on(const std::string& cores);
  /// For the longest that a rank may work by itself.
  void wait();

  /// The end of each rank: all wait for the last one, and have the code of rank 0.
  int end(int code);
  /// The end of a rank that cannot go on. Returns whether it is the one to tell why; then end_all() comes, with this
  /// or without.
  bool give_up(const Error& error, const std::string& line, const std::string& hint);
  void end_all(int code);

 private:
  struct Mpi;
  std::unique_ptr<Mpi> mpi_;  ///< none alone
};

/// Thrown where all processes of a launcher meet the same end, and another one tells it.
struct ToldElsewhere {
  ExitCode code;
};
/// What is wrong with what all processes of a launch have alike: rank 0 throws the error, the others ToldElsewhere.
[[noreturn]] void refuse(const Launch& launch, Error error);

}  // namespace nib
