#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "hdf5/hdf5_file.h"
#include "support/golden.h"

// Malicious and odd HDF5 files: each is one small change of a file that reads, and has its one line. Made with h5py by
// tests/golden/keras/make_attacks.py.
namespace nib {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Attack {
  std::string name, line;
};

std::ostream& operator<<(std::ostream& out, const Attack& attack) { return out << attack.name; }

Bytes file(const std::string& name) { return read_file(golden::path("keras/attacks/" + name + ".h5"), 1 << 20); }

std::string refusal(const Bytes& bytes) {
  try {
    read_hdf5(bytes, {}, {}, "f");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "none";
}

const std::string kernel = "f: /layers/dense/vars/0: ";

const std::vector<Attack> attacks = {
    {"soft_link", kernel + "a link to another name, which is not followed"},
    {"external_link", kernel + "a link to another file, which is not followed"},
    {"external_storage", kernel + "external storage: its numbers are in another file"},
    {"virtual", kernel + "a virtual data set: its numbers are in other files"},
    {"lzf", kernel + "packed by a filter that is not taken (expected gzip alone, got filter 32000 (lzf))"},
    {"shuffle", kernel + "packed by a filter that is not taken (expected gzip alone, got filter 2 (shuffle))"},
    {"checksum", kernel + "packed by a filter that is not taken (expected gzip alone, got filter 3 (fletcher32))"},
    {"shape_bomb", kernel + "has more numbers than the file can hold (expected at most 0 bytes, got 536,870,912)"},
    {"never_written", kernel + "has more numbers than the file can hold (expected at most 0 bytes, got 8,388,608)"},
    {"overflow", kernel + "too many numbers in the file (expected at most 268,435,456)"},
    {"empty", kernel + "an array without numbers"},
    {"null", kernel + "an array without numbers"},
    {"loop", "f: /layers/dense/loop: a second name of an object, or one of its own groups"},
    {"second_name", "f: /layers/dense/vars/2: a second name of an object, or one of its own groups"},
    {"deep", "f: /a/b/c/d/e/f/g/h/i: groups too deep in each other (expected at most 8)"},
    {"named_type", "f: /layers/type: a type of its own (expected groups and arrays)"},
    {"compound", kernel + "not a type of numbers (expected floating-point or whole numbers, got compound)"},
    {"enumeration", kernel + "not a type of numbers (expected floating-point or whole numbers, got an enumeration)"},
    {"variable_text", kernel + "not a type of numbers (expected floating-point or whole numbers, got text)"},
    {"reference", kernel + "not a type of numbers (expected floating-point or whole numbers, got references)"},
    {"many_whole", kernel + "not floating-point numbers (expected at most 16 whole numbers, got 32)"},
};

class Hdf5Attack : public testing::TestWithParam<Attack> {
 protected:
  void SetUp() override {
    if (hdf5_version().empty()) GTEST_SKIP() << "built without libhdf5";
  }
};

TEST_P(Hdf5Attack, IsRefusedInOneLine) { EXPECT_EQ(refusal(file(GetParam().name)), GetParam().line); }

INSTANTIATE_TEST_SUITE_P(Files, Hdf5Attack, testing::ValuesIn(attacks),
                         [](const auto& attack) { return attack.param.name; });

class Hdf5Files : public Hdf5Attack {};

TEST_P(Hdf5Files, AreReadWhole) {
  const Hdf5Content content = read_hdf5(file(GetParam().name), {}, {}, "f");
  const Hdf5Array* array = content.array("/layers/dense/vars/0");
  ASSERT_NE(array, nullptr);
  EXPECT_EQ(array->type, GetParam().line);
  EXPECT_EQ(array->shape, (std::vector<std::uint32_t>{4, 2}));
  EXPECT_EQ(array->values, (std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7}));
  ASSERT_NE(content.array("/layers/dense/vars/1"), nullptr);
  EXPECT_EQ(content.array("/layers/dense/vars/1")->values, (std::vector<float>{0.5F, -0.5F}));
}

INSTANTIATE_TEST_SUITE_P(Files, Hdf5Files,
                         testing::Values(Attack{"whole", "F32"}, Attack{"newest", "F32"}, Attack{"gzip", "F32"},
                                         Attack{"double", "F64"}, Attack{"half", "F16"}, Attack{"big_endian", "F32"}),
                         [](const auto& attack) { return attack.param.name; });

TEST_F(Hdf5Attack, OfAnotherFileOrACutOneIsRefusedInOneLine) {
  const std::string line = "f: HDF5: damaged or cut off: libhdf5 cannot open it";
  EXPECT_EQ(refusal({}), line);
  EXPECT_EQ(refusal({'t', 'e', 'x', 't'}), line);
  Bytes bytes = file("whole");
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(refusal(bytes), line);
}

/// Whatever libhdf5 makes of it, this process goes on, and there is one line or a result.
TEST_F(Hdf5Attack, WithAnyByteChangedLeavesThisProcessAlive) {
  const Bytes whole = file("whole");
  int refused = 0;
  for (std::size_t index = 0; index < whole.size(); index += 41) {
    Bytes bytes = whole;
    bytes[index] ^= 0xFF;
    if (refusal(bytes) != "none") ++refused;
  }
  EXPECT_GT(refused, 5);
}

}  // namespace
}  // namespace nib
