#include "hdf5/walk.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "hdf5/attribute_texts.h"
#include "hdf5/library.h"

namespace nib::hdf5 {
namespace {

constexpr std::size_t most_objects = 2000, longest_name = 255;
constexpr int deepest = 8, most_dimensions = 8;
constexpr std::uint64_t most_numbers = std::uint64_t{1} << 28;  ///< of all arrays together
constexpr std::uint64_t most_whole_numbers = 16;                ///< of an array of whole numbers
constexpr std::uint64_t deflate_ratio = 1032;                   ///< the most that gzip can unpack a byte to

Error refused(const std::string& object, std::string problem, std::string expected = {}, std::string got = {}) {
  return input_error(
      {.field = object, .problem = std::move(problem), .expected = std::move(expected), .got = std::move(got)});
}

Error unreadable(const std::string& object) { return refused(object, "damaged: libhdf5 cannot read it"); }

template <typename Result>
Result checked(Result result, const std::string& object) {
  if (result < 0) throw unreadable(object);
  return result;
}

Handle opened(hid_t id, herr_t (*close)(hid_t), const std::string& object) { return {checked(id, object), close}; }

/// "F32", "I64", "U8"; what is none of these is refused.
std::string type_name(hid_t type, const std::string& object) {
  const H5T_class_t kind = H5Tget_class(type);
  const std::size_t bits = 8 * H5Tget_size(type);
  if (kind == H5T_FLOAT && (bits == 16 || bits == 32 || bits == 64)) return fmt::format("F{}", bits);
  if (kind == H5T_INTEGER && bits <= 64)
    return fmt::format("{}{}", H5Tget_sign(type) == H5T_SGN_NONE ? 'U' : 'I', bits);
  static constexpr std::array<std::pair<H5T_class_t, const char*>, 8> names{{{H5T_STRING, "text"},
                                                                             {H5T_BITFIELD, "bits"},
                                                                             {H5T_OPAQUE, "opaque"},
                                                                             {H5T_COMPOUND, "compound"},
                                                                             {H5T_REFERENCE, "references"},
                                                                             {H5T_ENUM, "an enumeration"},
                                                                             {H5T_VLEN, "variable length"},
                                                                             {H5T_ARRAY, "arrays"}}};
  const auto* const found = std::ranges::find(names, kind, &std::pair<H5T_class_t, const char*>::first);
  throw refused(object, "not a type of numbers", "floating-point or whole numbers",
                found == names.end() ? "another" : found->second);
}

class Walk {
 public:
  Walk(std::span<const std::uint8_t> bytes, const std::vector<std::string>& groups,
       const std::vector<std::string>& names, const Finder& finder)
      : bytes_(bytes), attribute_groups_(groups), attribute_names_(names), finder_(finder) {}

  void run() {
    const auto cannot_open = [] { return refused("HDF5", "damaged or cut off: libhdf5 cannot open it"); };
    if (bytes_.empty()) throw cannot_open();      // the library takes no image for a file on disk
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // no stack of its own on standard error
    H5PLset_loading_state(0);                     // no filters from elsewhere
    const Handle access = opened(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "HDF5");
    checked(H5Pset_fapl_core(access.get(), std::size_t{1} << 20, false), "HDF5");
    checked(H5Pset_file_image(access.get(), const_cast<std::uint8_t*>(bytes_.data()), bytes_.size()), "HDF5");
    const Handle file(H5Fopen("image", H5F_ACC_RDONLY, access.get()), H5Fclose);
    if (!file.is_open()) throw cannot_open();
    const Handle creation = opened(H5Fget_create_plist(file.get()), H5Pclose, "HDF5");
    std::size_t address_bytes = 0, length_bytes = 0;
    checked(H5Pget_sizes(creation.get(), &address_bytes, &length_bytes), "HDF5");
    if (address_bytes != 8 || length_bytes != 8)
      throw refused("HDF5", "addresses of another size", "8 bytes", fmt::format("{}", address_bytes));
    const Handle root = opened(H5Gopen2(file.get(), "/", H5P_DEFAULT), H5Gclose, "/");
    take_group(root.get(), "/", 0);
  }

 private:
  /// The address of an object's header. Whatever is met a second time would be read without end, or many times over.
  std::uint64_t visit(hid_t object, const std::string& path) {
    H5O_info_t info{};
    checked(H5Oget_info(object, &info), path);
    if (!visited_.insert(info.addr).second) throw refused(path, "a second name of an object, or one of its own groups");
    if (visited_.size() > most_objects)
      throw refused(path, "too many objects in the file", fmt::format("at most {}", with_commas(most_objects)));
    return info.addr;
  }

  void take_group(hid_t group, const std::string& path, int depth) {
    if (depth > deepest) throw refused(path, "groups too deep in each other", fmt::format("at most {}", deepest));
    const std::uint64_t header = visit(group, path);
    take_texts(header, path);
    H5G_info_t info{};
    checked(H5Gget_info(group, &info), path);
    if (info.nlinks > most_objects)
      throw refused(path, "too many objects in a group", fmt::format("at most {}", with_commas(most_objects)),
                    with_commas(info.nlinks));
    for (hsize_t index = 0; index < info.nlinks; ++index) take_member(group, path, index, depth);
  }

  void take_texts(std::uint64_t header, const std::string& path) {
    if (std::ranges::find(attribute_groups_, path) == attribute_groups_.end()) return;
    for (const std::string& name : attribute_names_)
      if (const auto texts = attribute_texts(bytes_, header, name)) finder_.texts({path, name, *texts});
  }

  void take_member(hid_t group, const std::string& path, hsize_t index, int depth) {
    std::array<char, longest_name + 1> name{};
    const ssize_t length = checked(
        H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, name.data(), name.size(), H5P_DEFAULT), path);
    if (length == 0 || static_cast<std::size_t>(length) > longest_name)
      throw refused(path, "a name of unusual length in it", fmt::format("1 to {} bytes", longest_name));
    const std::string member = (path == "/" ? "" : path) + '/' + name.data();
    H5L_info_t link{};
    checked(H5Lget_info(group, name.data(), &link, H5P_DEFAULT), member);
    if (link.type == H5L_TYPE_SOFT) throw refused(member, "a link to another name, which is not followed");
    if (link.type == H5L_TYPE_EXTERNAL) throw refused(member, "a link to another file, which is not followed");
    if (link.type != H5L_TYPE_HARD) throw refused(member, "a link of unknown kind, which is not followed");
    const Handle object = opened(H5Oopen(group, name.data(), H5P_DEFAULT), H5Oclose, member);
    switch (H5Iget_type(object.get())) {
      case H5I_GROUP:
        return take_group(object.get(), member, depth + 1);
      case H5I_DATASET:
        return take_array(object.get(), member);
      default:
        throw refused(member, "a type of its own", "groups and arrays");
    }
  }

  void take_array(hid_t dataset, const std::string& path) {
    visit(dataset, path);
    Hdf5Array array{.path = path, .shape = {}, .type = {}, .values = {}, .whole = {}};
    const Handle creation = opened(H5Dget_create_plist(dataset), H5Pclose, path);
    check_storage(creation.get(), path);
    const Handle type = opened(H5Dget_type(dataset), H5Tclose, path);
    array.type = type_name(type.get(), path);
    const std::uint64_t count = take_shape(dataset, array);
    check_size(dataset, creation.get(), count * H5Tget_size(type.get()), path);
    if (array.type.starts_with('F')) {
      array.values.resize(count);
      read(dataset, H5T_NATIVE_FLOAT, array.values.data(), path);
    } else {
      if (count > most_whole_numbers)
        throw refused(path, "not floating-point numbers", fmt::format("at most {} whole numbers", most_whole_numbers),
                      with_commas(count));
      array.whole.resize(count);
      read(dataset, H5T_NATIVE_INT64, array.whole.data(), path);
    }
    finder_.array(array);
  }

  /// Refuses numbers that are not in the file itself, as they are or deflated.
  static void check_storage(hid_t creation, const std::string& path) {
    const H5D_layout_t layout = H5Pget_layout(creation);
    if (layout == H5D_VIRTUAL) throw refused(path, "a virtual data set: its numbers are in other files");
    if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED) throw unreadable(path);
    if (checked(H5Pget_external_count(creation), path) > 0)
      throw refused(path, "external storage: its numbers are in another file");
    const int filters = checked(H5Pget_nfilters(creation), path);
    for (unsigned index = 0; index < static_cast<unsigned>(filters); ++index) {
      std::size_t values = 0;
      std::array<char, 64> name{};
      unsigned flags = 0, configuration = 0;
      const H5Z_filter_t filter =
          H5Pget_filter2(creation, index, &flags, &values, nullptr, name.size() - 1, name.data(), &configuration);
      if (filter != H5Z_FILTER_DEFLATE || filters > 1)
        throw refused(path, "packed by a filter that is not taken", "gzip alone",
                      fmt::format("filter {} ({})", static_cast<int>(filter), name.data()));
    }
  }

  /// Fills in the shape and gives the count of numbers.
  std::uint64_t take_shape(hid_t dataset, Hdf5Array& array) {
    const Handle space = opened(H5Dget_space(dataset), H5Sclose, array.path);
    const H5S_class_t kind = H5Sget_simple_extent_type(space.get());
    if (kind != H5S_SCALAR && kind != H5S_SIMPLE) throw refused(array.path, "an array without numbers");
    const int rank = checked(H5Sget_simple_extent_ndims(space.get()), array.path);
    if (rank > most_dimensions)
      throw refused(array.path, "too many dimensions", fmt::format("at most {}", most_dimensions),
                    fmt::format("{}", rank));
    std::array<hsize_t, H5S_MAX_RANK> lengths{};
    checked(H5Sget_simple_extent_dims(space.get(), lengths.data(), nullptr), array.path);
    std::uint64_t count = 1;
    for (int index = 0; index < rank; ++index) {
      const hsize_t length = lengths[static_cast<std::size_t>(index)];
      if (length == 0) throw refused(array.path, "an array without numbers");
      if (length > most_numbers / count) throw too_large(array.path);
      count *= length;
      array.shape.push_back(static_cast<std::uint32_t>(length));
    }
    if (count > most_numbers - numbers_) throw too_large(array.path);
    numbers_ += count;
    return count;
  }

  static Error too_large(const std::string& path) {
    return refused(path, "too many numbers in the file", fmt::format("at most {}", with_commas(most_numbers)));
  }

  /// A small file that declares huge arrays has to be read as zeros, or unpacks to more than anyone has memory for.
  void check_size(hid_t dataset, hid_t creation, std::uint64_t bytes, const std::string& path) {
    const std::uint64_t in_file = H5Dget_storage_size(dataset);
    stored_ += in_file;
    const bool deflated = H5Pget_nfilters(creation) > 0;
    if (in_file > bytes_.size() || stored_ > bytes_.size() || bytes > in_file * (deflated ? deflate_ratio : 1))
      throw refused(path, "has more numbers than the file can hold",
                    fmt::format("at most {} bytes", with_commas(in_file * (deflated ? deflate_ratio : 1))),
                    with_commas(bytes));
  }

  static void read(hid_t dataset, hid_t type, void* numbers, const std::string& path) {
    checked(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers), path);
  }

  std::span<const std::uint8_t> bytes_;
  const std::vector<std::string>& attribute_groups_;
  const std::vector<std::string>& attribute_names_;
  const Finder& finder_;
  std::set<std::uint64_t> visited_;
  std::uint64_t numbers_ = 0, stored_ = 0;
};

}  // namespace

void walk(std::span<const std::uint8_t> bytes, const std::vector<std::string>& attribute_groups,
          const std::vector<std::string>& attribute_names, const Finder& finder) {
  Walk(bytes, attribute_groups, attribute_names, finder).run();
}

}  // namespace nib::hdf5
