#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "nib/communicator.h"

namespace nib {

/// Ranks of one process, each on a thread of its own.
class ThreadRanks {
 public:
  /// With `delays` each rank comes late to exchanges and leaves them late, by a random while.
  explicit ThreadRanks(unsigned size, bool delays = false) : size_(size), delays_(delays), offers_(size) {}

  /// Called by a rank that comes to an exchange, its how many-th of the run (from 0); may throw.
  using Interruption = std::function<void(unsigned rank, std::uint64_t exchange)>;
  void interrupt_with(Interruption interruption) { interruption_ = std::move(interruption); }

  /// Calls work(communicator) for all ranks at the same time, and returns what each of them threw; null where it threw
  /// nothing. Who throws ends the exchanges of the others, as the program does by abort(): they throw Error (device).
  std::vector<std::exception_ptr> run(const std::function<void(Communicator&)>& work);

  /// Of the last run: how many exchanges the ranks have made, and the bytes that a rank has got from others in them.
  std::uint64_t exchanges() const { return exchanges_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  class Rank;
  struct Offer {
    std::span<const std::byte> buffer;
    std::span<const std::size_t> ends;
  };

  void meet();
  void give_up();

  unsigned size_;
  bool delays_;
  Interruption interruption_;
  std::vector<Offer> offers_;  ///< of each rank in the exchange that is going on
  std::uint64_t exchanges_ = 0, bytes_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned waiting_ = 0;
  std::uint64_t meetings_ = 0;
  bool given_up_ = false;
};

/// Throws the first of what ranks threw that is no Error (device), as those are who were left by others; else the first
/// of all, or nothing.
void rethrow_first(const std::vector<std::exception_ptr>& thrown);

}  // namespace nib
