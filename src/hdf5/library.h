#pragma once

// libhdf5's C interface as of 1.10, which later versions offer, too.
#define H5_USE_110_API 1
#include <hdf5.h>

#include <utility>

#include "base/late_library.h"

namespace nib::hdf5 {

extern LateLibrary library;

// What is called of it, functions and then the variables behind its constants, by its own names: the header's macros
// find these here, as they are nearer than the global ones.
#define NIB_LATE_AS(symbol, name) \
  inline constinit const Late<decltype(::symbol)> symbol { library, name }
#define NIB_TEXT_OF(symbol) #symbol
#define NIB_LATE(symbol) NIB_LATE_AS(symbol, NIB_TEXT_OF(symbol))
NIB_LATE(H5open);
NIB_LATE(H5get_libversion);
NIB_LATE(H5check_version);
NIB_LATE(H5Aclose);
NIB_LATE(H5Acreate2);
NIB_LATE(H5Awrite);
NIB_LATE(H5Dclose);
NIB_LATE(H5Dcreate2);
NIB_LATE(H5Dget_create_plist);
NIB_LATE(H5Dget_space);
NIB_LATE(H5Dget_storage_size);
NIB_LATE(H5Dget_type);
NIB_LATE(H5Dread);
NIB_LATE(H5Dwrite);
NIB_LATE(H5Eset_auto2);
NIB_LATE(H5Fclose);
NIB_LATE(H5Fcreate);
NIB_LATE(H5Fflush);
NIB_LATE(H5Fget_create_plist);
NIB_LATE(H5Fget_file_image);
NIB_LATE(H5Fopen);
NIB_LATE(H5Gclose);
NIB_LATE(H5Gcreate2);
NIB_LATE(H5Gget_info);
NIB_LATE(H5Gopen2);
NIB_LATE(H5Iget_type);
NIB_LATE(H5Lexists);
NIB_LATE(H5Lget_info);
NIB_LATE(H5Lget_name_by_idx);
NIB_LATE(H5Oclose);
NIB_LATE(H5Oget_info);
NIB_LATE(H5Oopen);
NIB_LATE(H5PLset_loading_state);
NIB_LATE(H5Pclose);
NIB_LATE(H5Pcreate);
NIB_LATE(H5Pget_external_count);
NIB_LATE(H5Pget_filter2);
NIB_LATE(H5Pget_layout);
NIB_LATE(H5Pget_nfilters);
NIB_LATE(H5Pget_sizes);
NIB_LATE(H5Pset_create_intermediate_group);
NIB_LATE(H5Pset_fapl_core);
NIB_LATE(H5Pset_file_image);
NIB_LATE(H5Pset_obj_track_times);
NIB_LATE(H5Sclose);
NIB_LATE(H5Screate);
NIB_LATE(H5Screate_simple);
NIB_LATE(H5Sget_simple_extent_dims);
NIB_LATE(H5Sget_simple_extent_ndims);
NIB_LATE(H5Sget_simple_extent_type);
NIB_LATE(H5Tclose);
NIB_LATE(H5Tcopy);
NIB_LATE(H5Tget_class);
NIB_LATE(H5Tget_sign);
NIB_LATE(H5Tget_size);
NIB_LATE(H5Tset_cset);
NIB_LATE(H5Tset_size);
NIB_LATE(H5P_CLS_FILE_ACCESS_ID_g);
NIB_LATE(H5P_CLS_LINK_CREATE_ID_g);
NIB_LATE(H5P_CLS_DATASET_CREATE_ID_g);
NIB_LATE(H5T_C_S1_g);
NIB_LATE(H5T_IEEE_F32LE_g);
NIB_LATE(H5T_IEEE_F64LE_g);
NIB_LATE(H5T_STD_I64LE_g);
NIB_LATE(H5T_NATIVE_FLOAT_g);
NIB_LATE(H5T_NATIVE_INT64_g);
#undef NIB_LATE
#undef NIB_TEXT_OF
#undef NIB_LATE_AS

/// Owns one of libhdf5's identifiers.
class Handle {
 public:
  Handle() = default;
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }

  hid_t get() const { return id_; }
  bool is_open() const { return id_ >= 0; }

 private:
  hid_t id_ = -1;
  herr_t (*close_)(hid_t) = nullptr;
};

}  // namespace nib::hdf5
