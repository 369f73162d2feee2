#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "formats/tiny_file.h"
#include "formats/weights.h"

// Malicious and broken files: each is one small change of a file that reads, and has its one line.
namespace nib {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Attack {
  std::string name;
  Bytes bytes;
  std::string line;
};

std::ostream& operator<<(std::ostream& out, const Attack& attack) { return out << attack.name; }

/// The tiny file with one piece of its header replaced.
Bytes changed(const std::string& from, const std::string& to, std::size_t data_bytes = 40) {
  return safetensors_of(with(tiny_header(), from, to), data_bytes);
}

Bytes with_length(std::uint64_t length) {
  Bytes bytes = safetensors_of(tiny_header(), 40);
  for (unsigned index = 0; index < 8; ++index) bytes[index] = static_cast<std::uint8_t>(length >> (8 * index));
  return bytes;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

Bytes first_bytes(std::size_t count) {
  Bytes bytes = safetensors_of(tiny_header(), 40);
  bytes.resize(count);
  return bytes;
}

const std::string bias = R"("fc1.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
const std::string other = R"("x":{"dtype":"F32","shape":[1],"data_offsets":[40,44]})";

const std::vector<Attack> length_attacks = {
    {"empty", {}, "f: file is empty"},
    {"seven_bytes", {0, 0, 0, 0, 0, 0, 0}, "f: file too short (expected at least 8 bytes, got 7 bytes)"},
    {"no_header", {0, 0, 0, 0, 0, 0, 0, 0}, "f: header: not a JSON object (expected { at its start, got nothing)"},
    {"length_of_all_ones", with_length(~std::uint64_t{0}),
     "f: header length: header too long (expected at most 184 bytes, got 18,446,744,073,709,551,615 bytes)"},
    {"length_that_wraps_with_eight", with_length(~std::uint64_t{0} - 7),
     "f: header length: header too long (expected at most 184 bytes, got 18,446,744,073,709,551,608 bytes)"},
    {"length_over_the_cap", with_length(100'000'001),
     "f: header length: header too long (expected at most 184 bytes, got 100,000,001 bytes)"},
    {"length_at_the_cap", with_length(100'000'000),
     "f: header length: header is longer than the file (expected at most 184 bytes, got 100,000,000 bytes)"},
    {"length_behind_the_file", with_length(185),
     "f: header length: header is longer than the file (expected at most 184 bytes, got 185 bytes)"},
    {"length_into_the_header", with_length(120), "f: header: line 1, column 121: JSON ends too early"},
    {"truncated_header", first_bytes(100),
     "f: header length: header is longer than the file (expected at most 92 bytes, got 144 bytes)"},
    {"truncated_data", first_bytes(8 + 144 + 39),
     "f: header: file ends before its tensors (expected 40 bytes of tensors, got 39)"},
    {"trailing_byte", safetensors_of(tiny_header(), 41),
     "f: header: bytes behind the last tensor (expected 40 bytes of tensors, got 41)"},
};

const std::vector<Attack> text_attacks = {
    {"byte_order_mark", safetensors_of("\xEF\xBB\xBF" + tiny_header(), 40),
     "f: header: not a JSON object (expected { at its start, got \\xef)"},
    {"leading_nul", safetensors_of(std::string(1, '\0') + tiny_header(), 40),
     "f: header: not a JSON object (expected { at its start, got \\x00)"},
    {"padded_with_nul", safetensors_of(tiny_header() + std::string(8, '\0'), 40),
     "f: header: line 1, column 145: NUL byte in the JSON text"},
    {"hidden_behind_nul", safetensors_of(tiny_header() + std::string(1, '\0') + "{}", 40),
     "f: header: line 1, column 145: NUL byte in the JSON text"},
    {"form_feed", safetensors_of("\f" + tiny_header(), 40),
     "f: header: not a JSON object (expected { at its start, got \\x0c)"},
    {"array", safetensors_of("[]", 0), "f: header: not a JSON object (expected { at its start, got [)"},
    {"text_behind_the_object", safetensors_of(tiny_header() + "x", 40),
     "f: header: line 1, column 145: not valid JSON"},
    {"more_values_than_memory_is_for", safetensors_of("{\"a\":[0" + repeated(",0", 1'000'000) + "]}", 0),
     "f: header: JSON holds too many values (expected at most 1,000,000)"},
    {"two_objects", safetensors_of(tiny_header() + "{}", 40), "f: header: line 1, column 145: not valid JSON"},
    {"comment", changed("{\"__", "{/**/\"__"), "f: header: line 1, column 2: not valid JSON"},
    {"comma_at_the_end", changed("[8,40]}}", "[8,40]},}"), "f: header: line 1, column 145: not valid JSON"},
    {"invalid_utf8", changed("fc1.bias", "fc1.\xC0\xAF"), "f: header: line 1, column 25: not valid JSON"},
    {"duplicate_tensor", changed(bias, bias + "," + bias), "f: header: fc1.bias: key stands twice in an object"},
    {"duplicate_tensor_spelt_otherwise", changed(bias, bias + "," + with(bias, "fc1.bias", "fc1.\\u0062ias")),
     "f: header: fc1.bias: key stands twice in an object"},
    {"duplicate_field", changed("\"shape\":[2],", "\"shape\":[2],\"shape\":[2],"),
     "f: header: shape: key stands twice in an object"},
    {"duplicate_metadata", safetensors_of(tiny_header(R"("a":"1","a":"2")"), 40),
     "f: header: a: key stands twice in an object"},
    {"two_metadata", changed("{\"__metadata__\":{}", "{\"__metadata__\":{},\"__metadata__\":{}"),
     "f: header: __metadata__: key stands twice in an object"},
    {"deep", changed("[2,4]", "[[[[2]]]]"), "f: header: JSON is nested too deep (expected at most 3 levels)"},
    {"very_deep", safetensors_of("{\"a\":" + std::string(1'000'000, '['), 0),
     "f: header: JSON is nested too deep (expected at most 3 levels)"},
    {"number_over_all_doubles", changed("[2,4]", "[2,1e999]"), "f: header: JSON holds a number out of range"},
};

const std::string size_text = "(expected a whole number from 0 to 2147483648, got ";
const std::string offset_text = "(expected a whole number from 0 to 18446744073709551615, got ";

const std::vector<Attack> field_attacks = {
    {"metadata_number", safetensors_of(tiny_header("\"a\":1"), 40),
     "f: header: __metadata__.a: wrong type (expected a string, got 1)"},
    {"metadata_object", safetensors_of(tiny_header("\"a\":{}"), 40),
     "f: header: __metadata__.a: wrong type (expected a string, got an object)"},
    {"metadata_array", changed("{\"__metadata__\":{}", "{\"__metadata__\":[]"),
     "f: header: __metadata__: wrong type (expected an object, got an array of 0)"},
    {"tensor_string", changed(bias, "\"fc1.bias\":\"\""),
     "f: header: fc1.bias: wrong type (expected an object, got \"\")"},
    {"no_dtype", changed("{\"dtype\":\"F32\",\"shape\":[2],", "{\"shape\":[2],"),
     "f: header: fc1.bias.dtype: key is missing"},
    {"no_shape", changed("\"shape\":[2],", ""), "f: header: fc1.bias.shape: key is missing"},
    {"no_offsets", changed(",\"data_offsets\":[0,8]", ""), "f: header: fc1.bias.data_offsets: key is missing"},
    {"unknown_field", changed("\"shape\":[2],", "\"shape\":[2],\"stride\":[1],"),
     "f: header: fc1.bias.stride: unknown key (expected dtype, shape and data_offsets)"},
    {"unknown_dtype", changed("\"F32\",\"shape\":[2],", "\"F33\",\"shape\":[2],"),
     "f: header: fc1.bias.dtype: unknown dtype (expected F32, F16, BF16 or F64, got \"F33\")"},
    {"dtype_below_a_byte", changed("\"F32\",\"shape\":[2],", "\"F4\",\"shape\":[2],"),
     "f: header: fc1.bias.dtype: unknown dtype (expected F32, F16, BF16 or F64, got \"F4\")"},
    {"dtype_number", changed("\"F32\",\"shape\":[2],", "32,\"shape\":[2],"),
     "f: header: fc1.bias.dtype: unknown dtype (expected F32, F16, BF16 or F64, got 32)"},
    {"shape_object", changed("[2,4]", "{}"),
     "f: header: fc1.weight.shape: wrong type (expected an array, got an object)"},
    {"negative_dimension", changed("[2,4]", "[2,-4]"),
     "f: header: fc1.weight.shape[1]: not a size " + size_text + "-4)"},
    {"minus_zero", changed("[2,4]", "[-0,4]"), "f: header: fc1.weight.shape[0]: not a size " + size_text + "0)"},
    {"dimension_with_exponent", changed("[2,4]", "[2,4e0]"),
     "f: header: fc1.weight.shape[1]: not a size " + size_text + "4.0)"},
    {"dimension_string", changed("[2,4]", "[2,\"4\"]"),
     "f: header: fc1.weight.shape[1]: not a size " + size_text + "\"4\")"},
    {"dimension_too_large", changed("[2,4]", "[2,2147483649]"),
     "f: header: fc1.weight.shape[1]: not a size " + size_text + "2147483649)"},
    {"dimension_over_64_bits", changed("[2,4]", "[2,18446744073709551616]"),
     "f: header: fc1.weight.shape[1]: not a size " + size_text + "1.8446744073709552e+19)"},
    {"rank_nine", changed("[2,4]", "[2,4,1,1,1,1,1,1,1]"),
     "f: header: fc1.weight.shape: too many dimensions (expected at most 8, got 9)"},
    {"product_that_wraps_to_zero", changed("[2,4]", "[2147483648,2147483648,4]"),
     "f: header: fc1.weight.shape: size does not fit 64 bits"},
    {"bytes_that_wrap_to_zero", changed("[2,4]", "[2147483648,2147483648]"),
     "f: header: fc1.weight.shape: size does not fit 64 bits"},
    {"no_offset_numbers", changed("[8,40]", "[]"),
     "f: header: fc1.weight.data_offsets: wrong length (expected 2, got 0)"},
    {"one_offset", changed("[8,40]", "[8]"), "f: header: fc1.weight.data_offsets: wrong length (expected 2, got 1)"},
    {"three_offsets", changed("[8,40]", "[8,40,40]"),
     "f: header: fc1.weight.data_offsets: wrong length (expected 2, got 3)"},
    {"offset_with_exponent", changed("[8,40]", "[8,4e1]"),
     "f: header: fc1.weight.data_offsets[1]: not a size " + offset_text + "40.0)"},
    {"offset_over_64_bits", changed("[8,40]", "[8,18446744073709551616]"),
     "f: header: fc1.weight.data_offsets[1]: not a size " + offset_text + "1.8446744073709552e+19)"},
    {"offsets_reversed", changed("[8,40]", "[40,8]"),
     "f: header: fc1.weight.data_offsets: does not fit dtype and shape (expected 32 bytes, got [40,8])"},
    {"offsets_too_narrow", changed("[8,40]", "[8,36]"),
     "f: header: fc1.weight.data_offsets: does not fit dtype and shape (expected 32 bytes, got [8,36])"},
    {"right_difference_far_away", changed("[8,40]", "[18446744073709551583,18446744073709551615]"),
     "f: header: fc1.weight.data_offsets: leaves a hole before it (expected begin 8, got 18446744073709551583)"},
    {"hole_at_the_start", safetensors_of(with(with(tiny_header(), "[0,8]", "[4,12]"), "[8,40]", "[12,44]"), 44),
     "f: header: fc1.bias.data_offsets: leaves a hole before it (expected begin 0, got 4)"},
    {"hole", changed("[8,40]", "[12,44]", 44),
     "f: header: fc1.weight.data_offsets: leaves a hole before it (expected begin 8, got 12)"},
    {"overlap", changed("[8,40]", "[4,36]", 36),
     "f: header: fc1.weight.data_offsets: overlaps another tensor (expected begin 8, got 4)"},
    {"many_tensors_on_one_range", changed(bias, bias + "," + with(bias, "fc1.bias", "fc2.bias")),
     "f: header: fc2.bias.data_offsets: overlaps another tensor (expected begin 8, got 0)"},
};

const std::vector<Attack> model_attacks = {
    {"no_tensors", safetensors_of("{}", 0), "f: fc1.weight: tensor is missing"},
    {"missing", changed("fc1.weight", "fc2.weight"), "f: fc1.weight: tensor is missing"},
    {"extra", safetensors_of(with(tiny_header(), bias, bias + "," + other), 44),
     "f: x: the network has no such tensor"},
    {"flat", changed("[2,4]", "[8]"), "f: fc1.weight: wrong shape (expected [2,4], got [8])"},
    {"scalar", changed("\"shape\":[2],\"data_offsets\":[0,8]", "\"shape\":[],\"data_offsets\":[0,8]"),
     "f: header: fc1.bias.data_offsets: does not fit dtype and shape (expected 4 bytes, got [0,8])"},
    {"scalar_of_64_bits", changed("\"F32\",\"shape\":[2]", "\"F64\",\"shape\":[]"),
     "f: fc1.bias: wrong shape (expected [2], got [])"},
    {"empty_tensor", safetensors_of(with(with(tiny_header(), "[2,4]", "[2,0]"), "[8,40]", "[8,8]"), 8),
     "f: fc1.weight: wrong shape (expected [2,4], got [2,0])"},
    {"integers", changed("\"F32\",\"shape\":[2],", "\"I32\",\"shape\":[2],"),
     "f: fc1.bias: wrong dtype (expected F32, F16, BF16 or F64, got I32)"},
    {"other_flatten_order", safetensors_of(tiny_header("\"flatten\":\"WHC\""), 40),
     "f: flatten: inputs of the dense layer are in another order (expected CHW or HWC, got WHC)"},
    {"no_version", safetensors_of(tiny_header("\"nib.data\":\"mnist\""), 40),
     "f: nib.format: unknown version of nib's format (expected 1, got none)"},
    {"newer_version", safetensors_of(tiny_header("\"nib.format\":\"2\""), 40),
     "f: nib.format: unknown version of nib's format (expected 1, got 2)"},
    {"no_checksum", safetensors_of(tiny_header("\"nib.format\":\"1\""), 40), "f: nib.sha256: checksum is missing"},
    {"short_checksum", safetensors_of(tiny_header("\"nib.format\":\"1\",\"nib.sha256\":\"00\""), 40),
     "f: nib.sha256: not a checksum as nib writes it"},
    {"checksum_spelt_otherwise",
     safetensors_of(
         tiny_header("\"nib.format\":\"1\",\"nib.sha\\u0032\\u0035\\u0036\":\"" + std::string(64, '0') + '"'), 40),
     "f: nib.sha256: not a checksum as nib writes it"},
};

class SafetensorsAttack : public testing::TestWithParam<Attack> {};

TEST_P(SafetensorsAttack, IsRefusedInOneLine) { EXPECT_EQ(refusal(GetParam().bytes), GetParam().line); }

std::string name_of(const testing::TestParamInfo<Attack>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Length, SafetensorsAttack, testing::ValuesIn(length_attacks), name_of);
INSTANTIATE_TEST_SUITE_P(Text, SafetensorsAttack, testing::ValuesIn(text_attacks), name_of);
INSTANTIATE_TEST_SUITE_P(Field, SafetensorsAttack, testing::ValuesIn(field_attacks), name_of);
INSTANTIATE_TEST_SUITE_P(Model, SafetensorsAttack, testing::ValuesIn(model_attacks), name_of);

TEST(SafetensorsAttack, TheUnchangedFileReads) { EXPECT_NO_THROW(parse_tiny(safetensors_of(tiny_header(), 40))); }

TEST(SafetensorsAttack, HostileNamesStayOnOneLine) {
  EXPECT_EQ(refusal(changed("\"fc1.bias\"", "\"a\\n\\u001b[2J\"")), "f: fc1.bias: tensor is missing");
  EXPECT_EQ(refusal(safetensors_of(with(tiny_header(), bias, bias + "," + with(other, "x", "a\\n\\u001b[2J")), 44)),
            "f: a\\x0a\\x1b[2J: the network has no such tensor");
  const std::string long_name(100'000, 'n');
  EXPECT_LT(refusal(safetensors_of(with(tiny_header(), bias, bias + "," + with(other, "x", long_name)), 44)).size(),
            4400u);
}

}  // namespace
}  // namespace nib
