#include <array>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "hdf5/hdf5_file.h"
#include "hdf5/library.h"

namespace nib {
namespace {

using namespace hdf5;

/// Makes one file in memory. Whatever fails is a lack of memory or a mistake here: the data are this program's own.
class Writer {
 public:
  explicit Writer(const std::string& source) : source_(source) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    checked(H5Pset_fapl_core(access.get(), std::size_t{1} << 20, false));
    file_ = Handle(checked(H5Fcreate("image", H5F_ACC_TRUNC, H5P_DEFAULT, access.get())), H5Fclose);
    links_ = Handle(checked(H5Pcreate(H5P_LINK_CREATE)), H5Pclose);
    checked(H5Pset_create_intermediate_group(links_.get(), 1));
    creation_ = Handle(checked(H5Pcreate(H5P_DATASET_CREATE)), H5Pclose);
    checked(H5Pset_obj_track_times(creation_.get(), false));  // equal plans give equal bytes
    text_ = Handle(checked(H5Tcopy(H5T_C_S1)), H5Tclose);
    checked(H5Tset_size(text_.get(), H5T_VARIABLE));
    checked(H5Tset_cset(text_.get(), H5T_CSET_UTF8));
  }

  void add_group(const std::string& path) {
    if (path == "/" || H5Lexists(file_.get(), path.c_str(), H5P_DEFAULT) > 0) return;
    Handle(checked(H5Gcreate2(file_.get(), path.c_str(), links_.get(), H5P_DEFAULT, H5P_DEFAULT)), H5Gclose);
  }

  void add_array(const Hdf5Values& array) {
    const std::vector<hsize_t> lengths(array.shape.begin(), array.shape.end());
    const Handle space(checked(H5Screate_simple(static_cast<int>(lengths.size()), lengths.data(), nullptr)), H5Sclose);
    add_data(array.path, space, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, array.values.data());
  }

  void add_scalar(const Hdf5Whole& scalar) {
    const Handle space(checked(H5Screate(H5S_SCALAR)), H5Sclose);
    add_data(scalar.path, space, H5T_STD_I64LE, H5T_NATIVE_INT64, &scalar.number);
  }

  void add_attribute(const Hdf5Texts& attribute) {
    add_texts(attribute, Handle(checked(H5Screate(H5S_SCALAR)), H5Sclose));
  }

  void add_list(const Hdf5Texts& list) {
    const hsize_t count = list.texts.size();
    const Handle space(checked(H5Screate_simple(1, &count, nullptr)), H5Sclose);
    if (count > 0) return add_texts(list, space);
    const Handle owner = object(list.group);
    Handle(checked(H5Acreate2(owner.get(), list.name.c_str(), H5T_IEEE_F64LE, space.get(), H5P_DEFAULT, H5P_DEFAULT)),
           H5Aclose);
  }

  std::vector<std::uint8_t> bytes() {
    checked(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL));
    const ssize_t length = checked(H5Fget_file_image(file_.get(), nullptr, 0));
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(length));
    checked(H5Fget_file_image(file_.get(), bytes.data(), bytes.size()));
    return bytes;
  }

 private:
  template <typename Result>
  Result checked(Result result) const {
    if (result < 0) throw io_error({.file = source_, .problem = "libhdf5 could not make the file"});
    return result;
  }

  Handle object(const std::string& path) {
    return {checked(H5Oopen(file_.get(), path.c_str(), H5P_DEFAULT)), H5Oclose};
  }

  void add_data(const std::string& path, const Handle& space, hid_t stored, hid_t given, const void* values) {
    const Handle data(
        checked(H5Dcreate2(file_.get(), path.c_str(), stored, space.get(), links_.get(), creation_.get(), H5P_DEFAULT)),
        H5Dclose);
    checked(H5Dwrite(data.get(), given, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
  }

  void add_texts(const Hdf5Texts& texts, const Handle& space) {
    std::vector<const char*> pointers;
    for (const std::string& text : texts.texts) pointers.push_back(text.c_str());
    const Handle owner = object(texts.group);
    const Handle attribute(
        checked(H5Acreate2(owner.get(), texts.name.c_str(), text_.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT)),
        H5Aclose);
    checked(H5Awrite(attribute.get(), text_.get(), pointers.data()));
  }

  const std::string& source_;
  Handle file_, links_, creation_, text_;
};

}  // namespace

std::vector<std::uint8_t> hdf5_bytes(const Hdf5Plan& plan, const std::string& source) {
  Writer writer(source);
  for (const std::string& group : plan.groups) writer.add_group(group);
  for (const Hdf5Values& array : plan.arrays) writer.add_array(array);
  for (const Hdf5Whole& scalar : plan.scalars) writer.add_scalar(scalar);
  for (const Hdf5Texts& attribute : plan.attributes) writer.add_attribute(attribute);
  for (const Hdf5Texts& list : plan.lists) writer.add_list(list);
  return writer.bytes();
}

}  // namespace nib
