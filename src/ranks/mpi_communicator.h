#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "nib/communicator.h"
#include "ranks/peers.h"

namespace nib::ranks {

/// MPI counts in int.
inline constexpr std::size_t most_bytes_at_once = std::numeric_limits<int>::max();

/// All ranks of a process, or the first few of them, see MpiFunctions::narrow(). More than `at_once` bytes go in
/// pieces.
class MpiCommunicator : public Communicator {
 public:
  MpiCommunicator(Peers& peers, unsigned size, std::size_t at_once = most_bytes_at_once)
      : peers_(peers), size_(size), at_once_(at_once) {}

  unsigned rank() const override { return peers_.rank(); }
  unsigned size() const override { return size_; }

  /// Throws PeerError where a rank fails or does not answer, Error (device) where MPI itself does. Does not return in a
  /// rank that has nothing to do then but to end.
  void gather_all(std::span<std::byte> buffer, std::span<const std::size_t> ends) override;
  /// With as many times the usual limit.
  void gather_all(std::span<std::byte> buffer, std::span<const std::size_t> ends, unsigned times, Heed heed);

  /// MPI's own way may wait for launchers out of reach: this process ends with the code after two seconds at the
  /// latest.
  void abort(int code) noexcept override;

 private:
  void wait(unsigned times, Heed heed);

  Peers& peers_;
  unsigned size_;
  std::size_t at_once_;
  std::vector<int> counts_, offsets_;
};

/// This process ends with this code after so many seconds, whatever it waits for by then. For the last calls of a
/// library that may never return.
void end_within(unsigned seconds, int code) noexcept;

}  // namespace nib::ranks
