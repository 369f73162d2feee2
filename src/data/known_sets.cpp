#include "data/known_sets.h"

#include <algorithm>

#include "base/text.h"
#include "data/folder_entries.h"

namespace nib {

std::span<const KnownSet> known_sets() {
  static const std::array<KnownSet, 2> sets = {{
      {.name = "mnist",
       .title = "MNIST",
       .sha256 = {"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                  "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                  "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                  "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
       .class_names = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
       .system_folder = "",
       .hint = "nib data fetch mnist, or set NIB_DATA to the folder data/mnist of nib's source"},
      {.name = "fashion",
       .title = "Fashion-MNIST",
       .sha256 = {"c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                  "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                  "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                  "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"},
       .class_names = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
                       "Ankle boot"},
       .system_folder = "/usr/share/datasets/fashion-mnist",
       .hint = "nib data fetch fashion, or apt install dataset-fashion-mnist"},
  }};
  return sets;
}

const KnownSet* find_known_set(std::string_view name) {
  const auto found = std::ranges::find(known_sets(), name, &KnownSet::name);
  return found == known_sets().end() ? nullptr : &*found;
}

std::optional<std::string> meant_set(const std::string& text, std::span<const NameAndTitle> sets) {
  const auto letters = [](std::string_view words) {
    std::string kept = lower_case(std::string(words));
    std::erase_if(kept, [](char sign) { return sign < 'a' || sign > 'z'; });
    return kept;
  };
  std::vector<std::string> names;
  for (const auto& [name, title] : sets) {
    if (!letters(text).empty() && letters(text) == letters(title)) return std::string(name);
    names.emplace_back(name);
  }
  return nearest(lower_case(text), names);
}

std::string describe_known_file(std::string_view sha256) {
  for (const KnownSet& set : known_sets())
    for (std::size_t role = 0; role < file_roles.size(); ++role)
      if (set.sha256[role] == sha256) return std::string(file_roles[role].stem) + " of " + std::string(set.title);
  return "";
}

}  // namespace nib
