/* Reads the digit on a picture, in C:  classify WEIGHTS PICTURE */
#include <stdio.h>

#include "nib/nib.h"

int main(int argc, char** argv) {
  nib_engine* engine = NULL;
  nib_classifier* classifier = NULL;
  nib_prediction* prediction = NULL;
  nib_status status;
  if (argc != 3) {
    fprintf(stderr, "usage: classify WEIGHTS PICTURE\n");
    return 2;
  }
  status = nib_engine_new(NIB_ABI, "auto", 0, &engine);
  if (status == NIB_OK) status = nib_classifier_new(engine, argv[1], &classifier);
  if (status == NIB_OK) status = nib_classifier_predict_file(classifier, argv[2], &prediction);
  if (status == NIB_OK) {
    const uint32_t likeliest = nib_prediction_class(prediction);
    printf("%s\n", nib_classifier_class_name(classifier, likeliest));
    fprintf(stderr, "%.2f %% sure, on %s\n", 100.0 * nib_prediction_probability(prediction, likeliest),
            nib_classifier_device(classifier));
    fputs(nib_prediction_warnings(prediction), stderr);
  } else {
    fprintf(stderr, "error: %s\n", nib_last_error());
    if (*nib_last_hint()) fprintf(stderr, "hint: %s\n", nib_last_hint());
  }
  nib_prediction_free(prediction);
  nib_classifier_free(classifier);
  nib_engine_free(engine);
  return (int)status;
}
