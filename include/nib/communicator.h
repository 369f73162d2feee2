#pragma once

#include <cstddef>
#include <span>

namespace nib {

/// The processes ("ranks") that train one network together, as one of them sees them: it moves bytes and never
/// computes. All arithmetic is the engine's own, so that no result depends on how, and by which library, the bytes
/// travel.
///
/// Every rank makes the same calls, with the same lengths, in the same order. They block until all ranks have made
/// them, and come from one thread at a time.
class Communicator {
 public:
  virtual ~Communicator() = default;

  /// This process's number, from 0 to size() - 1.
  virtual unsigned rank() const = 0;

  /// How many there are: 1 or more, the same for as long as the communicator lives.
  virtual unsigned size() const = 0;

  /// Rank r has filled bytes [ends[r - 1], ends[r]) of `buffer`, rank 0 those before ends[0]; afterwards all ranks have
  /// all of them. `ends` holds size() numbers that never fall, the same on every rank; the last is buffer.size(). A
  /// rank may have nothing to give. Throws Error (device) when a rank cannot be reached, or has given up: nobody waits
  /// without a limit. What `buffer` holds is undefined then, and no call may follow but abort().
  virtual void gather_all(std::span<std::byte> buffer, std::span<const std::size_t> ends) = 0;

  /// Ends all ranks now, with this exit code. For a rank that cannot go on while the others wait for it: it has told
  /// its reason before. May return to a caller that then ends by itself.
  virtual void abort(int code) noexcept = 0;
};

}  // namespace nib
