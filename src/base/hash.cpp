#include "base/hash.h"

#include <openssl/evp.h>

#include <new>

#include "base/error.h"

namespace nib {
namespace {

/// libcrypto tells no reason for a failure that comes of a lack of memory.
[[noreturn]] void fail() {
  throw io_error({.problem = "libcrypto fails to compute SHA-256: memory is used up, or it is not installed whole"});
}

using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Digest begin_digest() {
  Digest digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!digest) throw std::bad_alloc();
  if (EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1) fail();
  return digest;
}

Sha256 end_digest(EVP_MD_CTX& digest) {
  Sha256 hash{};
  if (EVP_DigestFinal_ex(&digest, hash.data(), nullptr) != 1) fail();
  return hash;
}

}  // namespace

struct Sha256Stream::Context {
  Digest digest;
};

void start_hashing() {
  // libcrypto starts with the first digest. That is not safe on two threads at once, and crashes where memory fails: it
  // begins only where there is more than it takes.
  static const Digest first = [] {
    constexpr std::size_t for_its_start = 1 << 20;  // bytes
    ::operator delete(::operator new(for_its_start));
    return begin_digest();
  }();
}

Sha256Stream::Sha256Stream() {
  start_hashing();
  context_ = std::make_unique<Context>(begin_digest());
}

Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::update(std::span<const std::uint8_t> bytes) {
  if (EVP_DigestUpdate(context_->digest.get(), bytes.data(), bytes.size()) != 1) fail();
}

Sha256 Sha256Stream::so_far() const {
  const Digest copy(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!copy) throw std::bad_alloc();
  if (EVP_MD_CTX_copy_ex(copy.get(), context_->digest.get()) != 1) fail();
  return end_digest(*copy);
}

Sha256 Sha256Stream::finish() { return end_digest(*context_->digest); }

Sha256 sha256(std::span<const std::uint8_t> bytes) {
  Sha256Stream stream;
  stream.update(bytes);
  return stream.finish();
}

std::string to_hex(const Sha256& hash) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : hash) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace nib
