// Reads the digit on a picture, in C++:  classify WEIGHTS PICTURE
#include <cstdio>

#include "nib/nib.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: classify WEIGHTS PICTURE\n");
    return 2;
  }
  try {
    nib::Classifier classifier(argv[1]);
    const nib::Prediction prediction = classifier.predict(argv[2]);
    std::printf("%s\n", prediction.class_name.c_str());
    std::fprintf(stderr, "%.2f %% sure, on %s\n", 100.0 * prediction.probability(), classifier.device().c_str());
    for (const std::string& warning : prediction.warnings) std::fprintf(stderr, "warning: %s\n", warning.c_str());
    return 0;
  } catch (const nib::Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    if (!error.hint().empty()) std::fprintf(stderr, "hint: %s\n", error.hint().c_str());
    return error.status();
  }
}
