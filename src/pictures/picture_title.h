#pragma once

#include <string>
#include <vector>

#include "drawing/drawing.h"
#include "nib/network.h"
#include "statistics/test_result.h"

namespace nib {

/// What a picture tells of where it comes from, so that it can be told from others when it lies alone in a folder or on
/// a slide. What is empty is left out.
struct PictureTitle {
  std::string data{};     ///< "MNIST"
  std::string network{};  ///< see network_in_words()
  std::string result{};   ///< see result_in_words()
  std::string run{};      ///< its folder's name, or the file of the weights

  /// The parts that are not empty, in this order.
  std::vector<std::string> parts() const;
};

/// "digits network" for nib's own, else its layers with parameters: "network of 3 layers: conv 8, dense 32, dense 10".
std::string network_in_words(const Network& network);

/// "98.95 % of 10,000 right", or what of it is known.
std::string result_in_words(const TestResult& result);

/// The picture under a title line: its title in bold, and under it in small letters `parts`, in as many lines as the
/// sheet's width asks for.
Drawing with_title(Drawing drawing, const std::vector<std::string>& parts);

}  // namespace nib
