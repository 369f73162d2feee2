#include "data/label_checks.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "data/idx.h"

namespace nib {

bool begin_at_1(std::span<const std::uint8_t> labels) {
  std::array<bool, 256> occurs{};
  for (const std::uint8_t label : labels) occurs[label] = true;
  std::size_t end = 1;
  while (end < occurs.size() && occurs[end]) ++end;
  return !occurs[0] && end > 2 && std::none_of(occurs.begin() + end, occurs.end(), std::identity{});
}

void check_labels(std::span<const std::uint8_t> labels, const DataFile& file, std::size_t classes,
                  const std::string& problem, const std::string& hint) {
  const auto is_none = [&](std::uint8_t label) { return label >= classes; };
  const auto bad = std::ranges::find_if(labels, is_none);
  if (bad == labels.end()) return;
  const auto index = static_cast<std::uint64_t>(bad - labels.begin());
  const auto strays = static_cast<std::uint64_t>(std::ranges::count_if(labels, is_none));
  std::string advice = hint;
  if (begin_at_1(labels) && std::ranges::max(labels) == classes)
    advice = "the labels begin at 1, and nib counts classes from 0: take 1 from each of them";
  else if (strays * 2 < labels.size())
    advice = fmt::format("{} of {} labels {} no class", with_commas(strays), with_commas(labels.size()),
                         strays == 1 ? "is" : "are") +
             (hint.empty() ? "" : "; " + hint);
  std::string field = fmt::format("label {}", index);
  if (file.is_idx) field += fmt::format(" at byte {}", index + IdxHeader{.kind = IdxKind::labels}.header_bytes());
  throw input_error({.file = file.path.string(),
                     .field = std::move(field),
                     .problem = problem,
                     .expected = fmt::format("0 to {}", classes - 1),
                     .got = std::to_string(*bad),
                     .hint = advice});
}

}  // namespace nib
