#pragma once

#include <array>
#include <cstdint>

#ifdef __CUDACC__
#define NIB_HOST_DEVICE __host__ __device__
#else
#define NIB_HOST_DEVICE
#endif

namespace nib {

/// Four words of counter or of output.
struct Philox4 {
  std::uint32_t word[4];
};

/// Philox4x32 with ten rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a
/// pure function of key and counter, so that any number of a sequence can be had in any order on any device.
NIB_HOST_DEVICE inline Philox4 philox4x32_10(std::uint64_t key, Philox4 counter) {
  std::uint32_t key0 = static_cast<std::uint32_t>(key), key1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53u} * counter.word[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57u} * counter.word[2];
    counter = {
        {static_cast<std::uint32_t>(product1 >> 32) ^ counter.word[1] ^ key0, static_cast<std::uint32_t>(product1),
         static_cast<std::uint32_t>(product0 >> 32) ^ counter.word[3] ^ key1, static_cast<std::uint32_t>(product0)}};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

/// What a sequence is for: the highest counter word, so that no two uses ever share a number.
enum class RandomUse : std::uint32_t { initial_values = 1, shuffle = 2, dropout = 3, augmentation = 4 };

/// Words 4 * `block` to 4 * `block` + 3 of the sequence that `seed`, `use`, `first` (tensor, epoch or layer) and
/// `second` (step) name. The counter is (block, first, second, use); `second` and `block` must fit 32 bits.
NIB_HOST_DEVICE inline Philox4 random_words(std::uint64_t seed, RandomUse use, std::uint32_t first,
                                            std::uint32_t second, std::uint64_t block) {
  return philox4x32_10(seed, {{static_cast<std::uint32_t>(block), first, second, static_cast<std::uint32_t>(use)}});
}

/// Word `index` of that sequence.
NIB_HOST_DEVICE inline std::uint32_t random_word(std::uint64_t seed, RandomUse use, std::uint32_t first,
                                                 std::uint32_t second, std::uint64_t index) {
  return random_words(seed, use, first, second, index / 4).word[index % 4];
}

/// A word as a float in [0, 1): its upper 24 bits times 2^-24.
NIB_HOST_DEVICE inline float unit_float(std::uint32_t word) { return static_cast<float>(word >> 8) * 0x1.0p-24f; }

/// Whether training keeps the element whose word this is.
NIB_HOST_DEVICE inline bool dropout_keeps(std::uint32_t word, float rate) { return unit_float(word) >= rate; }

/// The words of elements 4 * `block` to 4 * `block` + 3 in step `step` (from 1). Elements count in the order (row of
/// the batch, height, width, channel) through the layer's whole batch, also behind Flatten; `layer` is the index into
/// Network::layers.
NIB_HOST_DEVICE inline Philox4 dropout_words(std::uint64_t seed, std::uint32_t layer, std::uint64_t step,
                                             std::uint64_t block) {
  return random_words(seed, RandomUse::dropout, layer, static_cast<std::uint32_t>(step), block);
}

/// Whether training keeps element `element`, counted as above.
NIB_HOST_DEVICE inline bool dropout_keeps(std::uint64_t seed, std::uint32_t layer, std::uint64_t step,
                                          std::uint64_t element, float rate) {
  return dropout_keeps(dropout_words(seed, layer, step, element / 4).word[element % 4], rate);
}

}  // namespace nib
