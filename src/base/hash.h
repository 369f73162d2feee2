#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace nib {

using Sha256 = std::array<std::uint8_t, 32>;

/// Starts OpenSSL's libcrypto where that has not been done: early, before there are threads. Throws Error (io) where it
/// does not start.
void start_hashing();

/// SHA-256 of a byte sequence, whole or in pieces (OpenSSL's libcrypto).
Sha256 sha256(std::span<const std::uint8_t> bytes);

class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void update(std::span<const std::uint8_t> bytes);
  Sha256 so_far() const;  ///< of what came by now; more may come
  Sha256 finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// 64 lower-case hexadecimal digits.
std::string to_hex(const Sha256& hash);

}  // namespace nib
