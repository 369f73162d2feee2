// A vector of floats with the few operations that the blocks need, for the target that is being compiled: Highway's
// widest vector for AVX2 and AVX-512, an array of eight floats with std::fma for the scalar path. Included once for
// each target, hence the guard that flips.
#if defined(NIB_ENGINES_CPU_SIMD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef NIB_ENGINES_CPU_SIMD_INL_H_
#undef NIB_ENGINES_CPU_SIMD_INL_H_
#else
#define NIB_ENGINES_CPU_SIMD_INL_H_
#endif

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace nib::cpu::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

inline constexpr int kLanes = 8;
inline constexpr bool kManyRegisters = false;

struct Vec {
  float lane[kLanes];
};
struct Mask {
  bool lane[kLanes];
};

#define NIB_EACH_LANE(i) for (int i = 0; i < kLanes; ++i)

inline Vec broadcast(float x) {
  Vec r;
  NIB_EACH_LANE(i) r.lane[i] = x;
  return r;
}
inline Vec zero() { return broadcast(0.0f); }
inline Vec load(const float* p) {
  Vec r;
  NIB_EACH_LANE(i) r.lane[i] = p[i];
  return r;
}
inline void store(Vec a, float* p) { NIB_EACH_LANE(i) p[i] = a.lane[i]; }
inline Vec add(Vec a, Vec b) {
  NIB_EACH_LANE(i) a.lane[i] += b.lane[i];
  return a;
}
inline Vec subtract(Vec a, Vec b) {
  NIB_EACH_LANE(i) a.lane[i] -= b.lane[i];
  return a;
}
inline Vec multiply(Vec a, Vec b) {
  NIB_EACH_LANE(i) a.lane[i] *= b.lane[i];
  return a;
}
inline Vec divide(Vec a, Vec b) {
  NIB_EACH_LANE(i) a.lane[i] /= b.lane[i];
  return a;
}
inline Vec square_root(Vec a) {
  NIB_EACH_LANE(i) a.lane[i] = std::sqrt(a.lane[i]);
  return a;
}
inline Vec multiply_add(Vec a, Vec b, Vec c) {
  NIB_EACH_LANE(i) c.lane[i] = std::fma(a.lane[i], b.lane[i], c.lane[i]);
  return c;
}
inline Vec multiply_subtract(Vec a, Vec b, Vec c) {
  NIB_EACH_LANE(i) c.lane[i] = std::fma(a.lane[i], b.lane[i], -c.lane[i]);
  return c;
}
inline Vec absolute(Vec a) {
  NIB_EACH_LANE(i) a.lane[i] = std::fabs(a.lane[i]);
  return a;
}
inline Mask greater(Vec a, Vec b) {
  Mask m;
  NIB_EACH_LANE(i) m.lane[i] = a.lane[i] > b.lane[i];
  return m;
}
inline Vec select(Mask m, Vec yes, Vec no) {
  NIB_EACH_LANE(i) if (m.lane[i]) no.lane[i] = yes.lane[i];
  return no;
}
/// Small whole numbers to bytes.
inline void store_as_bytes(Vec a, std::int8_t* p) { NIB_EACH_LANE(i) p[i] = static_cast<std::int8_t>(a.lane[i]); }
inline Vec load_bytes(const std::int8_t* p) {
  Vec r;
  NIB_EACH_LANE(i) r.lane[i] = static_cast<float>(p[i]);
  return r;
}
/// 16 floats to look up in: four lines of four.
struct Table16 {
  float entries[16];
};
inline Table16 load_table(const float* p, std::size_t line) {
  Table16 table;
  for (std::size_t i = 0; i < 16; ++i) table.entries[i] = p[i / 4 * line + i % 4];
  return table;
}
/// entries[index], index a whole number from 0 to 15 in each lane.
struct TableIndex {
  int lane[kLanes];
};
inline TableIndex table_index(Vec a) {
  TableIndex r;
  NIB_EACH_LANE(i) r.lane[i] = static_cast<int>(a.lane[i]);
  return r;
}
inline Vec look_up(const Table16& table, TableIndex index, int offset) {
  Vec r;
  NIB_EACH_LANE(i) r.lane[i] = table.entries[index.lane[i] + offset];
  return r;
}
/// Bit i set where p[i] == value, for up to 64 bytes (a multiple of 16).
inline std::uint64_t equal_bytes(const std::int8_t* p, std::uint32_t count, std::int8_t value) {
  std::uint64_t bits = 0;
  for (std::uint32_t i = 0; i < count; ++i) bits |= std::uint64_t{p[i] == value} << i;
  return bits;
}
/// Bit i set where p[i] is not zero (NaN counts as not zero).
inline std::uint32_t nonzero_lanes(const float* p) {
  std::uint32_t bits = 0;
  NIB_EACH_LANE(i) bits |= (p[i] == 0.0f ? 0u : 1u) << i;
  return bits;
}
inline float greatest_lane(Vec a) {
  float r = a.lane[0];
  for (int i = 1; i < kLanes; ++i) r = r < a.lane[i] ? a.lane[i] : r;
  return r;
}
/// For each lane, a bit for each i below `count` (at most 32) where p[place[i] + lane] >= 0.
inline void alive_bits(const std::int8_t* p, const std::uint32_t* place, std::uint32_t count, std::uint32_t* bits) {
  NIB_EACH_LANE(lane) bits[lane] = 0;
  for (std::uint32_t i = 0; i < count; ++i) NIB_EACH_LANE(lane) bits[lane] |= (p[place[i] + lane] >= 0 ? 1u : 0u) << i;
}
/// to[lane] = base + addends[p[lane]] for bytes from 0 to 3; any of them where it is less.
inline void store_sums(std::uint32_t base, const std::uint32_t (&addends)[4], const std::int8_t* p, std::uint32_t* to) {
  NIB_EACH_LANE(i) to[i] = base + addends[p[i] & 3];
}

#undef NIB_EACH_LANE

#else

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using DI = hn::RebindToSigned<D>;
using D8 = hn::Rebind<std::int8_t, D>;
using Vec = hn::Vec<D>;
using Mask = hn::Mask<D>;
inline constexpr int kLanes = HWY_LANES(float);
inline constexpr bool kManyRegisters = HWY_TARGET == HWY_AVX3;

HWY_INLINE Vec broadcast(float x) { return hn::Set(D(), x); }
HWY_INLINE Vec zero() { return hn::Zero(D()); }
HWY_INLINE Vec load(const float* p) { return hn::LoadU(D(), p); }
HWY_INLINE void store(Vec a, float* p) { hn::StoreU(a, D(), p); }
HWY_INLINE Vec add(Vec a, Vec b) { return hn::Add(a, b); }
HWY_INLINE Vec subtract(Vec a, Vec b) { return hn::Sub(a, b); }
HWY_INLINE Vec multiply(Vec a, Vec b) { return hn::Mul(a, b); }
HWY_INLINE Vec divide(Vec a, Vec b) { return hn::Div(a, b); }
HWY_INLINE Vec square_root(Vec a) { return hn::Sqrt(a); }
HWY_INLINE Vec multiply_add(Vec a, Vec b, Vec c) { return hn::MulAdd(a, b, c); }
HWY_INLINE Vec multiply_subtract(Vec a, Vec b, Vec c) { return hn::MulSub(a, b, c); }
HWY_INLINE Vec absolute(Vec a) { return hn::Abs(a); }
HWY_INLINE Mask greater(Vec a, Vec b) { return hn::Gt(a, b); }
HWY_INLINE Vec select(Mask m, Vec yes, Vec no) { return hn::IfThenElse(m, yes, no); }
HWY_INLINE void store_as_bytes(Vec a, std::int8_t* p) {
  hn::StoreU(hn::DemoteTo(D8(), hn::ConvertTo(DI(), a)), D8(), p);
}
HWY_INLINE hn::Vec<DI> load_bytes_as_integers(const std::int8_t* p) { return hn::PromoteTo(DI(), hn::LoadU(D8(), p)); }
HWY_INLINE Vec load_bytes(const std::int8_t* p) { return hn::ConvertTo(D(), load_bytes_as_integers(p)); }

using TableIndex = hn::Vec<DI>;
HWY_INLINE TableIndex table_index(Vec a) { return hn::ConvertTo(DI(), a); }
using D256 = hn::FixedTag<float, 8>;
HWY_INLINE hn::Vec<D256> load_two_lines(const float* p, std::size_t line) {
  const hn::FixedTag<float, 4> four;
  return hn::Combine(D256(), hn::LoadU(four, p + line), hn::LoadU(four, p));
}
#if HWY_TARGET == HWY_AVX3
using Table16 = Vec;
HWY_INLINE Table16 load_table(const float* p, std::size_t line) {
  return hn::Combine(D(), load_two_lines(p + 2 * line, line), load_two_lines(p, line));
}
HWY_INLINE Vec look_up(Table16 table, TableIndex index, int offset) {
  return hn::TableLookupLanes(table, hn::IndicesFromVec(D(), hn::Add(index, hn::Set(DI(), offset))));
}
#else
struct Table16 {
  Vec low, high;
};
HWY_INLINE Table16 load_table(const float* p, std::size_t line) {
  return {load_two_lines(p, line), load_two_lines(p + 2 * line, line)};
}
HWY_INLINE Vec look_up(Table16 table, TableIndex index, int offset) {
  const auto entry = hn::Add(index, hn::Set(DI(), offset));
  const auto within = hn::IndicesFromVec(D(), hn::And(entry, hn::Set(DI(), 7)));
  return hn::IfThenElse(hn::RebindMask(D(), hn::Gt(entry, hn::Set(DI(), 7))), hn::TableLookupLanes(table.high, within),
                        hn::TableLookupLanes(table.low, within));
}
#endif

template <class DB>
HWY_INLINE std::uint64_t equal_bytes_of(DB d, const std::int8_t* p, std::int8_t value) {
  std::uint8_t bits[8] = {};
  hn::StoreMaskBits(d, hn::Eq(hn::LoadU(d, p), hn::Set(d, value)), bits);
  std::uint64_t word;
  std::memcpy(&word, bits, sizeof(word));
  return word;
}
HWY_INLINE std::uint64_t equal_bytes(const std::int8_t* p, std::uint32_t count, std::int8_t value) {
  const hn::CappedTag<std::int8_t, 64> whole;
  const hn::FixedTag<std::int8_t, 16> part;
  constexpr std::uint32_t kWhole = hn::MaxLanes(whole);
  std::uint64_t bits = 0;
  std::uint32_t i = 0;
  for (; i + kWhole <= count; i += kWhole) bits |= equal_bytes_of(whole, p + i, value) << i;
  for (; i < count; i += 16) bits |= equal_bytes_of(part, p + i, value) << i;
  return bits;
}
HWY_INLINE std::uint32_t nonzero_lanes(const float* p) {
  std::uint8_t bits[8] = {};
  hn::StoreMaskBits(D(), hn::Ne(load(p), zero()), bits);
  return bits[0] | (kLanes > 8 ? static_cast<std::uint32_t>(bits[1]) << 8 : 0u);
}
HWY_INLINE float greatest_lane(Vec a) { return hn::GetLane(hn::MaxOfLanes(D(), a)); }
HWY_INLINE void alive_bits(const std::int8_t* p, const std::uint32_t* place, std::uint32_t count, std::uint32_t* bits) {
  const hn::RebindToUnsigned<D> d;
  auto sum = hn::Zero(d);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto dead = hn::BroadcastSignBit(load_bytes_as_integers(p + place[i]));
    sum = hn::Or(sum, hn::AndNot(hn::BitCast(d, dead), hn::Set(d, 1u << i)));
  }
  hn::StoreU(sum, d, bits);
}
HWY_INLINE void store_sums(std::uint32_t base, const std::uint32_t (&addends)[4], const std::int8_t* p,
                           std::uint32_t* to) {
  const hn::RebindToUnsigned<D> d;
  const auto index = hn::And(hn::BitCast(d, load_bytes_as_integers(p)), hn::Set(d, 3u));
  const auto found = hn::TableLookupLanes(hn::LoadDup128(d, addends), hn::IndicesFromVec(d, index));
  hn::StoreU(hn::Add(found, hn::Set(d, base)), d, to);
}

#endif

/// The second where they are equal or one is NaN.
HWY_INLINE Vec larger(Vec a, Vec b) { return select(greater(a, b), a, b); }

/// to[i][j] = from[j][i] for 4 x 4 numbers.
HWY_INLINE void transpose_4x4(const float* from, std::size_t from_row, float* to, std::size_t to_row) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) to[i * to_row + j] = from[j * from_row + i];
#else
  const hn::FixedTag<float, 4> four;
  const hn::FixedTag<double, 2> pairs;
  const auto a = hn::LoadU(four, from), b = hn::LoadU(four, from + from_row);
  const auto c = hn::LoadU(four, from + 2 * from_row), e = hn::LoadU(four, from + 3 * from_row);
  const auto low_ab = hn::BitCast(pairs, hn::InterleaveLower(four, a, b));
  const auto low_ce = hn::BitCast(pairs, hn::InterleaveLower(four, c, e));
  const auto high_ab = hn::BitCast(pairs, hn::InterleaveUpper(four, a, b));
  const auto high_ce = hn::BitCast(pairs, hn::InterleaveUpper(four, c, e));
  hn::StoreU(hn::BitCast(four, hn::InterleaveLower(pairs, low_ab, low_ce)), four, to);
  hn::StoreU(hn::BitCast(four, hn::InterleaveUpper(pairs, low_ab, low_ce)), four, to + to_row);
  hn::StoreU(hn::BitCast(four, hn::InterleaveLower(pairs, high_ab, high_ce)), four, to + 2 * to_row);
  hn::StoreU(hn::BitCast(four, hn::InterleaveUpper(pairs, high_ab, high_ce)), four, to + 3 * to_row);
#endif
}

/// Prefetches a range of bytes in equal shares, one a call.
class Ahead {
 public:
  HWY_INLINE Ahead(const void* from, std::size_t bytes, std::size_t calls)
      : next_(static_cast<const char*>(from)), end_(next_ + bytes), share_((bytes / calls + 63) / 64 * 64) {}
  HWY_INLINE void fetch() {
    for (const char* const stop = next_ + share_; next_ < stop && next_ < end_; next_ += 64) __builtin_prefetch(next_);
  }

 private:
  const char* next_;
  const char* end_;
  std::size_t share_;
};

/// The same address, which the compiler then keeps in one register of its own: left alone, it takes one for each of the
/// distances that are added to it, and runs out of them.
HWY_INLINE const float* own_register(const float* p) {
  asm("" : "+r"(p));
  return p;
}

/// Makes the compiler load `next` and `next_address` before it uses `now`.
HWY_INLINE void keep_order([[maybe_unused]] Vec& next, const float*& next_address, [[maybe_unused]] Vec& now) {
#if HWY_TARGET == HWY_SCALAR
  asm("" : "+r"(next_address));
#else
  asm("" : "+v"(next.raw), "+r"(next_address), "+v"(now.raw));
#endif
}

/// The lowest bit that is set; 0 where none is, so that what it stands for can be loaded ahead of the test for the end.
HWY_INLINE std::size_t first_bit(std::uint64_t bits) { return static_cast<std::size_t>(std::countr_zero(bits)) & 63; }

/// Zeros as long as every number noted is finite, NaN for good once one is not.
class Poison {
 public:
  HWY_INLINE Poison() : sum_(zero()) {}
  explicit HWY_INLINE Poison(const float* so_far) : sum_(load(so_far)) {}
  HWY_INLINE void keep(float* so_far) const { store(sum_, so_far); }
  HWY_INLINE void note(Vec numbers) { sum_ = multiply_add(numbers, zero(), sum_); }
  HWY_INLINE bool finite() const {
    float lanes[kLanes];
    store(sum_, lanes);
    for (const float lane : lanes)
      if (lane != 0.0f) return false;
    return true;
  }

 private:
  Vec sum_;
};

/// The greatest absolute value of `count` numbers (a multiple of the lanes), infinity where one is not finite.
HWY_INLINE float greatest_absolute(const float* p, std::size_t count) {
  constexpr std::size_t kChains = 4;  // side by side, for their latency
  Vec greatest[kChains] = {zero(), zero(), zero(), zero()};
  Poison poison[kChains];
  const auto note = [&](std::size_t chain, const float* at) HWY_ATTR {
    const Vec x = absolute(load(at));
    greatest[chain] = select(greater(x, greatest[chain]), x, greatest[chain]);
    poison[chain].note(x);
  };
  std::size_t i = 0;
  for (; i + kChains * kLanes <= count; i += kChains * kLanes)
    HWY_UNROLL(4) for (std::size_t chain = 0; chain < kChains; ++chain) note(chain, p + i + chain * kLanes);
  for (; i < count; i += kLanes) note(0, p + i);
  float result = 0;
  for (std::size_t chain = 0; chain < kChains; ++chain) {
    if (!poison[chain].finite()) return HUGE_VALF;
    result = greatest_lane(greatest[chain]) > result ? greatest_lane(greatest[chain]) : result;
  }
  return result;
}

}  // namespace nib::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
