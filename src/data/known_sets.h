#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/idx.h"

namespace nib {

/// One of the four files that make a set. Its name is `stem`-idx3-ubyte (labels: idx1), or with a dot for the first
/// dash, or either with .gz behind it.
struct FileRole {
  std::string_view stem;
  std::string_view suffix;
  IdxKind kind;
};

/// The order in which the four files stand everywhere in this room.
inline constexpr std::array<FileRole, 4> file_roles = {{{"train-images", "idx3-ubyte", IdxKind::images},
                                                        {"train-labels", "idx1-ubyte", IdxKind::labels},
                                                        {"t10k-images", "idx3-ubyte", IdxKind::images},
                                                        {"t10k-labels", "idx1-ubyte", IdxKind::labels}}};

/// Indices into file_roles: of a whole set, and of its parts.
inline constexpr std::array<std::size_t, 4> all_role_indices = {0, 1, 2, 3};
inline constexpr std::span<const std::size_t> every_role(all_role_indices);
inline constexpr std::span<const std::size_t> training_roles = every_role.first(2), test_roles = every_role.subspan(2);

inline constexpr std::string_view unknown_set_name = "unknown", unknown_set_title = "unknown IDX set";

/// A data set that nib knows by name and recognises by the hashes of its files.
struct KnownSet {
  std::string_view name;                                   ///< as load_data() takes it
  std::string_view title;                                  ///< as it is printed
  std::array<std::string_view, file_roles.size()> sha256;  ///< of the raw files; gzip bytes differ between copies
  std::vector<std::string> class_names;
  std::string_view system_folder;  ///< where a Debian package puts it; empty when there is none
  std::string_view hint;           ///< how to come by it
};

/// All of them. To add a set, add a row.
std::span<const KnownSet> known_sets();

/// The set of that name, or null.
const KnownSet* find_known_set(std::string_view name);

/// The name of a set that `text` seems to mean: one that is near in spelling, or has the title with other signs between
/// the words ("FashionMNIST"). `sets` are names and titles.
using NameAndTitle = std::pair<std::string_view, std::string_view>;
std::optional<std::string> meant_set(const std::string& text, std::span<const NameAndTitle> sets);

/// "train-images of MNIST" for the hash of a file that belongs to a known set, else empty.
std::string describe_known_file(std::string_view sha256);

}  // namespace nib
