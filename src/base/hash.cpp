#include "base/hash.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace nib {

struct Sha256Stream::Context {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {
  EVP_MD_CTX* digest = context_->digest.get();
  if (digest == nullptr || EVP_DigestInit_ex(digest, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("libcrypto has no SHA-256");
}

Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::update(std::span<const std::uint8_t> bytes) {
  if (EVP_DigestUpdate(context_->digest.get(), bytes.data(), bytes.size()) != 1)
    throw std::runtime_error("libcrypto failed to hash");
}

Sha256 Sha256Stream::finish() {
  Sha256 hash{};
  if (EVP_DigestFinal_ex(context_->digest.get(), hash.data(), nullptr) != 1)
    throw std::runtime_error("libcrypto failed to finish a hash");
  return hash;
}

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
