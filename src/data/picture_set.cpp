#include "data/picture_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "base/threads.h"
#include "data/class_names.h"
#include "data/folder_entries.h"
#include "data/picture_list.h"
#include "images/decoding/decode.h"
#include "images/decoding/image_names.h"
#include "images/preparation/prepare.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// The folders of the two parts; without them the set's own folder is that of all pictures.
struct PartFolders {
  std::optional<fs::path> training, test;
  bool labelled_test = true;  ///< else the test pictures lie in its folder itself, as Kaggle gives them
};

Error two_folders(const fs::path& one, const fs::path& other, std::string_view part) {
  return input_error({.file = one.parent_path().string(),
                      .problem = fmt::format("{} and {} could both be the {} part", printable(one.filename().string()),
                                             printable(other.filename().string()), part),
                      .expected = "one folder a part",
                      .hint = "keep each set in a folder of its own"});
}

PartFolders part_folders(const fs::path& folder) {
  PartFolders parts;
  for (const std::string& name : names_in(folder, Entries::folders)) {
    const std::string lower = lower_case(name);
    const bool training = lower.find("train") != std::string::npos, test = lower.find("test") != std::string::npos;
    if (training == test || !has_class_folders(folder / name)) continue;
    std::optional<fs::path>& part = training ? parts.training : parts.test;
    if (part) throw two_folders(*part, folder / name, training ? "training" : "test");
    part = folder / name;
  }
  if (!parts.training || parts.test) return parts;
  for (const std::string& name : names_in(folder, Entries::folders)) {
    const std::string lower = lower_case(name);
    if (!lower.starts_with("test") || lower.find("train") != std::string::npos || !has_pictures(folder / name))
      continue;
    if (parts.test) throw two_folders(*parts.test, folder / name, "test");
    parts.test = folder / name;
    parts.labelled_test = false;
  }
  return parts;
}

/// "DIR/val: left out, ..." for each folder of pictures beside the parts that is none, and for pictures of no class.
std::vector<std::string> left_out(const fs::path& folder, const PartFolders& parts) {
  std::vector<std::string> warnings;
  const bool by_parts = parts.training || parts.test;
  for (const std::string& name : names_in(folder, Entries::folders)) {
    const fs::path path = folder / name;
    if (!by_parts || path == parts.training || path == parts.test || !(has_class_folders(path) || has_pictures(path)))
      continue;
    std::string reason = "as its name says neither train nor test";
    if (lower_case(name).starts_with("val") || lower_case(name).starts_with("dev"))
      reason = parts.test ? "as nib holds validation images out of the training part: " + setting("validation split")
                          : "but called test it would be the test part";
    warnings.push_back(fmt::format("{}: left out, {}", printable(path.string()), reason));
  }
  if (has_pictures(folder))
    warnings.push_back(fmt::format("{}: pictures in the folder itself are left out, as they are of no class",
                                   printable(folder.string())));
  return warnings;
}

GreyImage read_picture(const fs::path& path) {
  return decode_image(read_file(path, largest_image_file), path.string());
}

/// What the pictures of a list gave.
struct ReadPictures {
  std::vector<std::uint8_t> pixels;
  bool coloured = false;
  std::size_t doubtful = 0;  ///< how many may not show one digit
  std::string doubt;         ///< of the first of them: its path and why
};

/// Reads the pictures of a list, on all cores, into images of one size.
class PictureReader {
 public:
  PictureReader(const PictureList& list, PictureSize size, bool prepare)
      : list_(list), size_(size), prepare_(prepare), first_doubtful_(list.pictures.size()) {
    read_.pixels.resize(std::size_t{size.rows} * size.columns * list.pictures.size());
  }

  ReadPictures read() {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    run_side_by_side(std::clamp(std::thread::hardware_concurrency(), 1u, 16u), [&](std::size_t) {
      try {
        for (std::size_t i; !failed && (i = next++) < list_.pictures.size();) read_one(i);
      } catch (...) {
        failed = true;
        throw;
      }
    });
    return std::move(read_);
  }

 private:
  void read_one(std::size_t index) {
    const fs::path path = list_.path(list_.pictures[index]);
    GreyImage picture = read_picture(path);
    const bool coloured = picture.coloured;
    std::vector<std::string> doubts;
    if (prepare_) {
      PreparedImage prepared = prepare_image(picture, size_.rows, size_.columns, path.string());
      doubts = std::move(prepared.warnings);
      keep(index, prepared.image.pixels);
    } else {
      if (picture.rows != size_.rows || picture.columns != size_.columns) throw other_size(path, picture);
      keep(index, picture.light);
    }
    const std::lock_guard lock(mutex_);
    read_.coloured |= coloured;
    if (doubts.empty()) return;
    ++read_.doubtful;
    if (index > first_doubtful_) return;
    first_doubtful_ = index;
    read_.doubt = printable(path.string()) + ": " + doubts.front();
  }

  void keep(std::size_t index, const std::vector<std::uint8_t>& image) {
    std::ranges::copy(image, read_.pixels.begin() + static_cast<std::ptrdiff_t>(index * image.size()));
  }

  Error other_size(const fs::path& path, const GreyImage& picture) const {
    return input_error({.file = path.string(),
                        .problem = "pictures of a set must be of one size",
                        .expected = fmt::format("{} x {} pixels, as {} has", size_.rows, size_.columns,
                                                printable(list_.path(list_.pictures.front()).string())),
                        .got = fmt::format("{} x {}", picture.rows, picture.columns),
                        .hint = setting("prepare") + " makes images of one size of them"});
  }

  const PictureList& list_;
  PictureSize size_;
  bool prepare_;
  std::mutex mutex_;  // of what follows, but for the pixels, of which each thread has its own
  ReadPictures read_;
  std::size_t first_doubtful_;
};

/// Ink is light in the sets that networks learn from; most photos and scans are the other way round.
void warn_of_light_ground(const LoadedFile& images, std::vector<std::string>& warnings) {
  constexpr std::uint64_t middle = 128;
  std::uint64_t sum = 0;
  for (const std::uint8_t pixel : images.values) sum += pixel;
  if (sum > middle * images.values.size())
    warnings.push_back(
        fmt::format("{}: dark ink on a light ground; MNIST has light ink on a dark ground, and weights "
                    "of one do not fit the other: {} turns it round",
                    printable(images.file.path.string()), setting("prepare")));
}

/// The size of the images that the pictures are to be, or that of the first one.
PictureSize size_of(const PictureList& list, const Reading& reading) {
  if (reading.prepared) return *reading.prepared;
  const fs::path path = list.path(list.pictures.front());
  const GreyImage first = read_picture(path);
  if (first.rows > largest_idx_side || first.columns > largest_idx_side)
    throw input_error({.file = path.string(),
                       .problem = "too large for a picture of a set",
                       .expected = fmt::format("at most {0} x {0} pixels", largest_idx_side),
                       .got = fmt::format("{} x {}", first.rows, first.columns),
                       .hint = setting("prepare") + " makes small images of them"});
  return {.rows = static_cast<std::uint32_t>(first.rows), .columns = static_cast<std::uint32_t>(first.columns)};
}

void warn_of_unread(const PictureList& list, std::vector<std::string>& warnings) {
  if (list.unread > 0)
    warnings.push_back(fmt::format(
        "{}: left out{}, as nib takes {} for pictures", printable(list.first_unread.string()),
        list.unread == 1 ? "" : fmt::format(" with {} more", with_commas(list.unread - 1)), image_endings()));
}

/// A list as the files of a part: 0 is the training part, 1 the test part. Returns whether there were colours.
bool add_part(std::size_t part, const PictureList& list, bool labelled, const Reading& reading, LoadedSet& set) {
  warn_of_unread(list, set.warnings);
  const PictureSize size = size_of(list, reading);
  const IdxHeader header{.kind = IdxKind::images,
                         .count = static_cast<std::uint32_t>(list.pictures.size()),
                         .rows = size.rows,
                         .columns = size.columns};
  std::vector<std::uint8_t> labels;
  for (const ListedPicture& picture : list.pictures) labels.push_back(picture.label);
  ReadPictures read = PictureReader(list, size, reading.prepared.has_value()).read();
  set.files.push_back(other_file(2 * part, list.folder, header, std::move(read.pixels)));
  if (!reading.prepared) warn_of_light_ground(set.files.back(), set.warnings);
  if (read.doubtful > 0)
    set.warnings.push_back(fmt::format("{} of {} pictures may not show one digit, the first one {}",
                                       with_commas(read.doubtful), with_commas(header.count), read.doubt));
  if (!labelled) return read.coloured;
  set.files.push_back(
      other_file(2 * part + 1, list.folder, {.kind = IdxKind::labels, .count = header.count}, std::move(labels)));
  return read.coloured;
}

/// Takes the pictures for the test part out of a list.
PictureList draw_test_part(PictureList& list) {
  PictureList test{.folder = list.folder, .class_folders = list.class_folders, .pictures = {}, .first_unread = {}};
  std::vector<ListedPicture> kept;
  for (std::size_t i = 0; i < list.pictures.size(); ++i)
    (i % pictures_a_test_picture == pictures_a_test_picture - 1 ? test.pictures : kept)
        .push_back(std::move(list.pictures[i]));
  list.pictures = std::move(kept);
  return test;
}

/// The names of the folders as names of the classes, or nothing where they are numbers.
std::vector<std::string> class_names_of(const PictureList& list) {
  if (are_their_numbers(list.class_folders)) return {};
  std::string text;
  for (const std::string& name : list.class_folders) {
    if (name.find_first_of("\r\n") != std::string::npos)
      throw input_error({.file = (list.folder / name).string(), .problem = "a class's name must be one line"});
    text += name + '\n';
  }
  return parse_class_names(text, list.folder.string());
}

std::string count_in_words(const PictureList& list, std::string_view part) {
  return fmt::format(", {} {} pictures", with_commas(list.pictures.size()), part);
}

}  // namespace

bool holds_picture_set(const fs::path& path) {
  if (has_class_folders(path)) return true;
  return std::ranges::any_of(names_in(path, Entries::folders), [&](const std::string& name) {
    const std::string lower = lower_case(name);
    return (lower.find("train") != std::string::npos || lower.find("test") != std::string::npos) &&
           has_class_folders(path / name);
  });
}

LoadedSet read_picture_set(const fs::path& path, const Reading& reading) {
  const PartFolders folders = part_folders(path);
  std::optional<PictureList> training, test;
  LoadedSet set;
  set.found = "pictures by class";
  set.warnings = left_out(path, folders);
  if (folders.training) training = list_pictures(*folders.training);
  if (folders.test && !folders.labelled_test)
    test = list_unlabelled_pictures(*folders.test);
  else if (folders.test)
    test = list_pictures(*folders.test, training ? training->class_folders : std::vector<std::string>{});
  if (!training && !test) {
    training = list_pictures(path);
    if (reading.draws_test) test = draw_test_part(*training);
    if (test && test->pictures.empty()) test.reset();
  }
  set.class_names = class_names_of(training ? *training : *test);
  if (training) set.found += count_in_words(*training, "training");
  if (test) set.found += count_in_words(*test, "test");
  if (!folders.labelled_test) set.found += " without labels";
  if (test && !folders.test) set.found += fmt::format(" (every {}th)", pictures_a_test_picture);
  if (training && !test) set.found += ", no test part";
  bool coloured = false;
  if (training && (reading.parts == DataParts::both || !test)) coloured |= add_part(0, *training, true, reading, set);
  if (test) coloured |= add_part(1, *test, folders.labelled_test, reading, set);
  if (reading.prepared)
    set.found += fmt::format(", prepared as {} x {}", reading.prepared->rows, reading.prepared->columns);
  if (coloured) set.found += ", colours made grey";
  return set;
}

}  // namespace nib
