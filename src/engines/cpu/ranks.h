#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engines/cpu/buffer.h"
#include "engines/cpu/compile.h"
#include "nib/communicator.h"
#include "nib/engine.h"

namespace nib::cpu {

/// What a rank tells the others, and what they make of it together: whether any of them does.
struct Flags {
  bool stop = false;       ///< it wants to end
  bool nonfinite = false;  ///< it has parameters that are not finite
};

/// Whether a process with these options is one of several.
bool has_others(const EngineOptions& options);

/// A network's training, shared out among ranks so that every sum is what one process makes of it:
///
/// - A step's slots are divided, neighbours to each rank, and with them its rows. What convolutions sum slot by slot, a
///   rank adds up as far as its slots alone go: to branches of the tree over the slots, which all ranks get and add.
/// - Dense layers sum over all rows in one chain. So all ranks get the rows that these sums are made of.
/// - Then each rank knows all that the update needs. It makes the whole of it, but for the tasks of layers so large
///   that it is faster to make a part of them and get the weights of the others. Of these layers a rank has only the
///   moments of its own part until exchange_moments().
///
/// So results depend neither on how many ranks there are nor on whose part is larger, and a rank may have no rows.
class Ranks {
 public:
  /// Rows of at least so many bytes, side by side, are gathered where they are: a call for each array of them costs
  /// less than to copy them twice.
  static constexpr std::size_t wide_row = 1024;

  /// For steps of up to `batch` rows, of which `results` has one each, on so many threads of this rank. Exchanges. All
  /// it refers to must outlive it.
  Ranks(Communicator& communicator, const Program& program, std::uint32_t batch, unsigned threads, RowArray results);

  /// This one.
  Part part() const { return part_; }

  /// Whether the update of a block is shared out, task by task.
  bool shares_update(std::size_t block) const { return shares_update_[block]; }

  /// Divides a step, which must outlive what follows.
  void divide(Step& step);
  /// Gives the others this rank's rows and branches and takes theirs. Where a flag is up, for all, no more than that is
  /// sure: the step must be left.
  Flags exchange(const Step& step, Flags own);
  Flags agree(Flags own);

  /// Behind the tasks of a block whose update is shared out.
  void exchange_weights(std::size_t block);
  void exchange_moments();

  /// Of `count` items of `size` elements each, the first of them at `items`, this rank has those of its part.
  template <typename Element>
  void gather(Element* items, std::uint32_t count, std::size_t size = 1) {
    gather_parts(reinterpret_cast<std::byte*>(items), count, size * sizeof(Element));
  }

 private:
  Rows rows_of(std::uint32_t rank, const Step& step) const;
  std::byte* packed(std::uint32_t rank) { return packed_.data() + (rank == 0 ? 0 : ends_[rank - 1]); }
  template <typename Copy>
  void for_each_row(std::uint32_t rank, const Step& step, const Copy& copy);
  void gather_parts(std::byte* items, std::uint32_t count, std::size_t bytes);

  Communicator& communicator_;
  const Program& program_;
  Part part_;
  std::vector<bool> shares_update_;      ///< of each block
  std::vector<RowArray> narrow_, wide_;  ///< packed, and gathered in place
  std::size_t row_bytes_ = 0;            ///< of a row, packed
  std::size_t record_size_ = 0;          ///< floats of a branch
  Branches branches_;
  Buffer<std::byte> packed_;  ///< of each rank: a head, its rows, its branches
  std::vector<std::size_t> ends_;
};

}  // namespace nib::cpu
