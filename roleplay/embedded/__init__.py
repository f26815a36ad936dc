"""The voice engine and the evaluator that need no key: everything they use lies inside packages."""

import os

# The matrices here are small: a second BLAS thread only spins, and on a busy machine costs a hundred times more.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
