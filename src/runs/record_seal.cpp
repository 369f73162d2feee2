#include "runs/record_seal.h"

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "formats/checksum.h"

namespace nib {
namespace {

/// Of the text with the digits at `position` taken as zeros.
std::string hash_of(std::string_view text, std::size_t position) {
  return checksum_of({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, position);
}

}  // namespace

Json sealed(Json record) {
  record.erase(record_hash);
  const std::string zeros = empty_checksum();
  record[record_hash] = zeros;
  const std::string text = json_text(record);
  record[record_hash] = hash_of(text, text.rfind(zeros));
  return record;
}

void check_seal(std::string_view text, const JsonReader& document) {
  const auto hash = document.find(record_hash);
  if (!hash && document.find("epoch_weights")) document.at(record_hash).text();  // refuses what is missing or null
  if (!hash) return;
  const std::string digits = hash->text();
  const std::size_t position = text.rfind(digits);
  const bool is_hash = digits.size() == empty_checksum().size() && position != std::string_view::npos &&
                       digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_hash) throw hash->error("not a SHA-256", "64 hexadecimal digits", describe_json(hash->value()));
  const std::string found = hash_of(text, position);
  if (found == digits) return;
  Problem problem =
      hash->error("the record was changed since nib wrote it: its SHA-256 is another", digits, found).problem();
  problem.hint = "`nib reproduce` names what differs, where the run can be trained again";
  throw input_error(std::move(problem));
}

}  // namespace nib
