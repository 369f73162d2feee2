"""Reads the digit on a picture, in Python, with nothing but ctypes:  classify.py LIBRARY WEIGHTS PICTURE"""

import ctypes
import sys

NIB_ABI = 1  # of the nib.h that this was written by

if len(sys.argv) != 4:
    sys.exit("usage: classify.py LIBRARY WEIGHTS PICTURE   (LIBRARY: PREFIX/lib/libnib.so.1)")
nib = ctypes.CDLL(sys.argv[1])
weights, picture = sys.argv[2].encode(), sys.argv[3].encode()
for name in ("nib_last_error", "nib_last_hint", "nib_classifier_class_name", "nib_prediction_warnings"):
    getattr(nib, name).restype = ctypes.c_char_p
nib.nib_prediction_probability.restype = ctypes.c_float


def check(status):
    if status:
        print("error:", nib.nib_last_error().decode(), file=sys.stderr)
        if hint := nib.nib_last_hint().decode():
            print("hint:", hint, file=sys.stderr)
        sys.exit(status)


engine, classifier, prediction = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
check(nib.nib_engine_new(NIB_ABI, b"auto", 0, ctypes.byref(engine)))
check(nib.nib_classifier_new(engine, weights, ctypes.byref(classifier)))
check(nib.nib_classifier_predict_file(classifier, picture, ctypes.byref(prediction)))

likeliest = nib.nib_prediction_class(prediction)
print(nib.nib_classifier_class_name(classifier, likeliest).decode())
print(f"{nib.nib_prediction_probability(prediction, likeliest):.2%} sure", file=sys.stderr)
print(nib.nib_prediction_warnings(prediction).decode(), end="", file=sys.stderr)

nib.nib_prediction_free(prediction)
nib.nib_classifier_free(classifier)
nib.nib_engine_free(engine)
