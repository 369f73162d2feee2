/*
 * nib.h: train and ask the classic convolutional network for handwritten digits, from C or whatever calls C.
 * One page of explanation, with what threads may do: docs/library.md. Examples: examples/.
 *
 * Objects are opaque; who makes one with nib_..._new() frees it with nib_..._free(), which takes NULL as well. An
 * object may go before those that were made with it. Texts are UTF-8, end in 0, and belong to the object that they were
 * asked of, as long as that lives unchanged.
 *
 * A function that can fail returns a nib_status, and on failure leaves what its last parameter points to alone (but for
 * the arrays that answers are written into, whose numbers mean nothing then). What went wrong is in nib_last_error().
 * NULL where something is needed, and sizes that do not fit, fail so, too. No function ends the process, installs a
 * signal handler, or writes to standard output or standard error.
 */
#ifndef NIB_NIB_H
#define NIB_NIB_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this interface: another one is not compatible. The library of each has a name of its own, libnib.so.1
 * for this one, and refuses callers of another one where they make their engine. */
#define NIB_ABI 1

/** As the exit codes of the program, where they mean the same. */
typedef enum nib_status {
  NIB_OK = 0,
  NIB_BUG = 1,       /**< a mistake in nib: please report it */
  NIB_USAGE = 2,     /**< what was asked for makes no sense: NULL, a size, a name, a setting out of range */
  NIB_BAD_INPUT = 3, /**< a file, or an image, is not as it has to be */
  NIB_IO = 4,        /**< a file cannot be read or written, or memory is used up */
  NIB_DEVICE = 5,    /**< the GPU, or what it needs, is not there or failed */
  NIB_NUMERIC = 6,   /**< numbers are not finite */
  NIB_STOPPED = 8    /**< the caller's own progress function stopped the training; nothing was written */
} nib_status;

/* ---- Of the library. nib_abi() to nib_last_hint() are the same in every version of the interface. ---- */

/** NIB_ABI of the library that is loaded. */
uint32_t nib_abi(void);
/** "0.1.0" */
const char* nib_version(void);

/** What the last failure in this thread was, in one line: "FILE: FIELD: PROBLEM (expected X, got Y)". Never NULL; it
 * lasts until the next failure in this thread. A success does not change it. */
const char* nib_last_error(void);
/** What to do about it, or an empty text. */
const char* nib_last_hint(void);

/* ---- What computes ---- */

typedef struct nib_engine nib_engine;

/**
 * `abi` is NIB_ABI as the caller was compiled with: another one than the library's is refused (NIB_USAGE).
 * `device`: "cpu"; "cuda" or "cuda:N", an NVIDIA GPU; "auto": in training a GPU where one can be used, else the CPU;
 * classifiers take the CPU, which has answered before a GPU is ready. `threads` of the CPU; 0: as many as the
 * process has cores. Results depend on neither. Whether a GPU that is asked for can be used shows when it is.
 */
nib_status nib_engine_new(uint32_t abi, const char* device, uint32_t threads, nib_engine** engine);
void nib_engine_free(nib_engine* engine);

/* ---- A trained network that answers ---- */

typedef struct nib_classifier nib_classifier;

/** `weights`: the folder of a run (of `nib train`), or a file of weights of any format that nib reads. */
nib_status nib_classifier_new(const nib_engine* engine, const char* weights, nib_classifier** classifier);
void nib_classifier_free(nib_classifier* classifier);

/** The size of its images, 28 each for MNIST, and how many classes it tells apart. 0 for NULL. */
uint32_t nib_classifier_rows(const nib_classifier* classifier);
uint32_t nib_classifier_columns(const nib_classifier* classifier);
uint32_t nib_classifier_classes(const nib_classifier* classifier);
/** "7". NULL for a class that is none. */
const char* nib_classifier_class_name(const nib_classifier* classifier, uint32_t class_index);
/** "cpu, AVX-512, 2 threads, FP32" */
const char* nib_classifier_device(const nib_classifier* classifier);
/** What is not as one may think of the weights, a line each ("\n" behind it); empty in most cases. */
const char* nib_classifier_warnings(const nib_classifier* classifier);

/**
 * Of images as they were trained on: `pixels` is (image, row, column), 0 background, 255 full ink, and `pixel_count`
 * images * rows * columns, one image or more. `probabilities` becomes (image, class); `probability_count` is
 * images * classes.
 */
nib_status nib_classifier_probabilities(nib_classifier* classifier, const uint8_t* pixels, size_t pixel_count,
                                        float* probabilities, size_t probability_count);

/** What it makes of a picture with one digit on it: any size, light and polarity. */
typedef struct nib_prediction nib_prediction;

/** PNG, JPEG, PNM, and where nib was built with their libraries WebP and HEIC, by content; at most 64 MiB. A picture
 * that shows no stroke is bad input. */
nib_status nib_classifier_predict_file(nib_classifier* classifier, const char* file, nib_prediction** prediction);
/** The same of a file's bytes; `name` is what errors call them. */
nib_status nib_classifier_predict_bytes(nib_classifier* classifier, const void* bytes, size_t byte_count,
                                        const char* name, nib_prediction** prediction);
void nib_prediction_free(nib_prediction* prediction);

/** The likeliest class, of equal ones the first. 0 for NULL. */
uint32_t nib_prediction_class(const nib_prediction* prediction);
/** Of a class, by the network's softmax. NaN for NULL, and for a class that is none. */
float nib_prediction_probability(const nib_prediction* prediction, uint32_t class_index);
/** Why the answer may be wrong, or the picture no single digit, a line each; empty where nothing speaks against it. */
const char* nib_prediction_warnings(const nib_prediction* prediction);
/** The image that was made of the picture, which the network saw; `pixel_count` is rows * columns. */
nib_status nib_prediction_pixels(const nib_prediction* prediction, uint8_t* pixels, size_t pixel_count);

/* ---- Training. The same settings give the same weights as `nib train`, bit for bit. ---- */

typedef struct nib_training nib_training;

/** With the settings that `nib train` has by itself: MNIST, five epochs, batch 128, Adam, a tenth of the training
 * images held out for validation, seed 0, nib's digits network. */
nib_status nib_training_new(const nib_engine* engine, nib_training** training);
void nib_training_free(nib_training* training);

/** A known set ("mnist", "fashion" ...), or a file or folder of one, as --data takes it. */
nib_status nib_training_set_data(nib_training* training, const char* name_or_path);
/** The first so many images of each part only; 0: all. */
nib_status nib_training_set_limit(nib_training* training, uint64_t images);
/** A file that describes a network (docs/formats.md); "digits" is nib's own. */
nib_status nib_training_set_network(nib_training* training, const char* file);
/** Weights to start from, as nib_classifier_new() takes them. */
nib_status nib_training_set_weights(nib_training* training, const char* weights);
nib_status nib_training_set_epochs(nib_training* training, uint32_t epochs); /**< 1 to 100,000 */
nib_status nib_training_set_batch(nib_training* training, uint32_t images);  /**< 1 to 1,000,000 */
nib_status nib_training_set_seed(nib_training* training, uint64_t seed);
/** "adam", "adamw", "amsgrad", "sgd", "momentum", "nesterov" or "rmsprop", with Keras's settings and learning rate: who
 * wants another rate sets it behind this. */
nib_status nib_training_set_optimizer(nib_training* training, const char* name);
nib_status nib_training_set_learning_rate(nib_training* training, double rate); /**< 1e-30 to 1e30 */
/** The part of the training images that is held out, the last ones; from 0, for none, to below 1. */
nib_status nib_training_set_validation_split(nib_training* training, double part);

/** Where a training stands. More may come behind these in a later version of the library. */
typedef struct nib_progress {
  uint32_t epoch, epochs;     /**< epoch from 1 */
  uint64_t step, steps;       /**< finished in this epoch, of all of its steps */
  double loss, accuracy;      /**< means over the epoch so far */
  double learning_rate;       /**< of the last step */
  uint32_t epoch_ended;       /**< 1: this call is the one behind the epoch's validation */
  double validation_loss;     /**< of the epoch's end; NaN before, and without validation images */
  double validation_accuracy; /**< likewise */
} nib_progress;

/** Called by the thread that runs the training, several times a second and at each epoch's end: 0 goes on, all else
 * stops. It must not throw, nor call anything with the training that it is told of. NULL: nobody. */
typedef int (*nib_progress_function)(const nib_progress* progress, void* user);
nib_status nib_training_set_progress(nib_training* training, nib_progress_function function, void* user);

/**
 * Trains, tests, and writes the weights to `file` (safetensors, with all that `nib evaluate` and a classifier want to
 * know of them). The file is replaced at once and whole, at the end: until then, and where anything fails, it is as it
 * was. A training may be run again, with other settings or the same.
 */
nib_status nib_training_run(nib_training* training, const char* file);

typedef enum nib_figure {
  NIB_TEST_ACCURACY = 0,
  NIB_TEST_LOSS = 1,
  NIB_VALIDATION_ACCURACY = 2, /**< these of the last epoch */
  NIB_VALIDATION_LOSS = 3,
  NIB_TRAINING_ACCURACY = 4,
  NIB_TRAINING_LOSS = 5
} nib_figure;

/** A nib_figure of the last run that got to its end. NaN for what it does not have (a set without a test part), and
 * before one. */
double nib_training_figure(const nib_training* training, uint32_t figure);
/** SHA-256 of its weights' numbers, as `nib train` prints it; empty before one. */
const char* nib_training_weights_sha256(const nib_training* training);
/** What was not as one may think in the last run, finished or not, a line each. */
const char* nib_training_warnings(const nib_training* training);

#ifdef __cplusplus
}
#endif

#endif
