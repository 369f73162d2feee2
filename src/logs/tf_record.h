#pragma once

#include <string>
#include <string_view>

namespace nib {

/// One record of a TFRecord file, which is such records one behind the other (TensorFlow's guide "TFRecord and
/// tf.train.Example", section "TFRecords format details"); all numbers little-endian:
///
///     uint64 length of the data
///     uint32 masked CRC-32C of the length's eight bytes
///     the data
///     uint32 masked CRC-32C of the data
///
/// A masked checksum is ((crc >> 15) | (crc << 17)) + 0xA282EAD8.
std::string tf_record(std::string_view data);

}  // namespace nib
