#pragma once

#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "encodings/json.h"
#include "images/decoding/decode.h"
#include "images/several/several.h"
#include "inference/classifier.h"

namespace nib {

/// A picture with the digits that were found on it.
struct SeveralDigits {
  std::string source;
  GreyImage picture{};
  DigitsOnPage found{};
};

/// Finds and reads the digits of a picture. Throws Error, see find_digits() and Classifier::probabilities().
SeveralDigits read_several(const std::string& source, GreyImage picture, Classifier& classifier);

/// The likeliest class of each digit of a line by its name: "1234"; names of more than a letter with spaces between.
std::string line_text(const std::vector<DigitOnPage>& line, const std::vector<std::string>& class_names);

/// "12 digits in 2 lines".
std::string size_text(const SeveralDigits& digits);

/// Name, size and polarity, a line of text a line of digits, and the digits of which the network is not sure.
std::string several_text(const SeveralDigits& digits, const std::vector<std::string>& class_names);

/// See docs/json.md.
Json several_json(const SeveralDigits& digits, const std::vector<std::string>& class_names);

/// The picture with a box around each digit, its number at the upper side and its class below.
Drawing several_picture(const SeveralDigits& digits, const std::vector<std::string>& class_names);

}  // namespace nib
