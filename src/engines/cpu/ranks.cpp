#include "engines/cpu/ranks.h"

#include <algorithm>
#include <cstring>

namespace nib::cpu {
namespace {

/// Each rank's part of what is packed begins with its flags, and is made of whole cache lines, as its pieces are.
constexpr std::size_t kLine = 64;

/// An update is shared out where each thread has so many rows of a step to sum over. One thread sums a weight's
/// gradient over 128 rows in 1.5 ns (tools/rank_cost), a weight comes from another process of the machine in 0.5 ns,
/// over 10 Gbit/s in 3: in between lies what pays on most machines.
constexpr std::uint64_t kRowsOfThread = 128;

/// And where there is so much to sum, products of rows and weights, that it takes a thread longer than an exchange,
/// which takes some ten microseconds whatever it moves.
constexpr std::uint64_t kProductsOfThread = std::uint64_t{1} << 23;

bool sharing_pays(const Block& block, std::uint64_t batch, std::uint64_t threads) {
  const std::uint64_t weights = block.weights_of_task() * block.gradient_tasks();
  return batch >= kRowsOfThread * threads && weights * batch >= kProductsOfThread * threads;
}

std::byte packed_flags(Flags flags) { return static_cast<std::byte>((flags.stop ? 1 : 0) | (flags.nonfinite ? 2 : 0)); }

void add_flags(std::byte packed, Flags& flags) {
  flags.stop |= (packed & std::byte{1}) != std::byte{0};
  flags.nonfinite |= (packed & std::byte{2}) != std::byte{0};
}

}  // namespace

bool has_others(const EngineOptions& options) {
  return options.communicator != nullptr && options.communicator->size() > 1;
}

Ranks::Ranks(Communicator& communicator, const Program& program, std::uint32_t batch, unsigned threads,
             RowArray results)
    : communicator_(communicator), program_(program), part_{communicator.rank(), communicator.size()} {
  // All have to decide alike, though their threads may be different in number.
  std::vector<std::uint32_t> all_threads(part_.count, threads);
  gather(all_threads.data(), part_.count);
  const std::uint32_t most_threads = *std::ranges::max_element(all_threads);
  std::vector<RowArray> arrays{results};
  for (const auto& block : program.blocks) {
    block->list_shared_rows(arrays);
    record_size_ += block->take_place(record_size_);
    shares_update_.push_back(sharing_pays(*block, batch, most_threads));
  }
  for (const RowArray& array : arrays)
    (array.bytes >= wide_row && array.bytes == array.stride ? wide_ : narrow_).push_back(array);
  for (const RowArray& array : narrow_) row_bytes_ += array.bytes;
  packed_ = Buffer<std::byte>(2 * kLine * part_.count + batch * row_bytes_ + kSlots * record_size_ * sizeof(float));
  ends_.resize(part_.count);
}

Rows Ranks::rows_of(std::uint32_t rank, const Step& step) const {
  const Rows slots = Part{rank, part_.count}.of(0, step.slots);
  return {std::min(slots.begin * step.rows_per_slot, step.rows), std::min(slots.end * step.rows_per_slot, step.rows)};
}

void Ranks::divide(Step& step) {
  const std::size_t record = record_size_ * sizeof(float);
  std::uint32_t branches = 0;
  std::size_t end = 0;
  for (std::uint32_t rank = 0; rank < part_.count; ++rank) {
    const SlotTree tree = branches_of(step.slots, {rank, part_.count});
    end += kLine + round_up(rows_of(rank, step).size() * row_bytes_, kLine);
    for (std::uint32_t root = 0; root < tree.root_count; ++root, end += record) {
      auto* const begin = reinterpret_cast<float*>(packed_.data() + end);
      branches_.all[branches++] = begin;
      if (rank == part_.index) branches_.own[root] = begin;
    }
    ends_[rank] = end;
    if (rank == part_.index) branches_.own_tree = tree;
  }
  branches_.own_slots = part_.of(0, step.slots);
  step.own = rows_of(part_.index, step);
  step.tree = tree_over_branches(step.slots, part_.count);
  step.branches = &branches_;
}

/// Calls copy(where it lies packed, where it is used, bytes) for each row of each narrow array.
template <typename Copy>
void Ranks::for_each_row(std::uint32_t rank, const Step& step, const Copy& copy) {
  const Rows rows = rows_of(rank, step);
  std::byte* at = packed(rank) + kLine;
  for (const RowArray& array : narrow_)
    for (std::uint32_t row = rows.begin; row < rows.end; ++row, at += array.bytes)
      copy(at, array.data + row * array.stride, array.bytes);
}

Flags Ranks::exchange(const Step& step, Flags own) {
  *packed(part_.index) = packed_flags(own);
  for_each_row(part_.index, step,
               [](std::byte* to, const std::byte* from, std::size_t bytes) { std::memcpy(to, from, bytes); });
  communicator_.gather_all({packed_.data(), ends_.back()}, ends_);
  Flags all;
  for (std::uint32_t rank = 0; rank < part_.count; ++rank) add_flags(*packed(rank), all);
  if (all.stop || all.nonfinite) return all;
  for (std::uint32_t rank = 0; rank < part_.count; ++rank)
    if (rank != part_.index)
      for_each_row(rank, step,
                   [](const std::byte* from, std::byte* to, std::size_t bytes) { std::memcpy(to, from, bytes); });
  for (const RowArray& array : wide_) {
    std::vector<std::size_t> ends;
    for (std::uint32_t rank = 0; rank < part_.count; ++rank) ends.push_back(rows_of(rank, step).end * array.bytes);
    communicator_.gather_all({array.data, ends.back()}, ends);
  }
  return all;
}

Flags Ranks::agree(Flags own) {
  std::vector<std::byte> flags(part_.count);
  flags[part_.index] = packed_flags(own);
  gather(flags.data(), part_.count);
  Flags all;
  for (const std::byte each : flags) add_flags(each, all);
  return all;
}

void Ranks::exchange_weights(std::size_t block) {
  const Block& shared = *program_.blocks[block];
  gather(program_.blocks[block]->weights()->values.data(), shared.gradient_tasks(), shared.weights_of_task());
}

void Ranks::exchange_moments() {
  for (std::size_t i = 0; i < program_.blocks.size(); ++i) {
    if (!shares_update_[i]) continue;
    Block& block = *program_.blocks[i];
    for (Buffer<float>& moment : block.weights()->moments)
      gather(moment.data(), block.gradient_tasks(), block.weights_of_task());
  }
}

void Ranks::gather_parts(std::byte* items, std::uint32_t count, std::size_t bytes) {
  std::vector<std::size_t> ends;
  for (std::uint32_t rank = 0; rank < part_.count; ++rank)
    ends.push_back(Part{rank, part_.count}.of(0, count).end * bytes);
  communicator_.gather_all({items, ends.back()}, ends);
}

}  // namespace nib::cpu
