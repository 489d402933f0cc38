#!/usr/bin/python3
"""
The reading kit without a database and without a Perennial: a server that answers as it is told, and clocks that the tests
set. `run.py`; exits 0 or 1.
"""

import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = HERE.parents[2]
sys.path[:0] = [str(HERE), str(EXAMPLE), str(EXAMPLE / "standin"), str(EXAMPLE / "test")]
os.environ.update(
    PGPORT="1",  # nothing here connects
    PERENNIAL_URL="http://127.0.0.1:1",
    PERENNIAL_WEBHOOK_SECRET="whsec_",
    DJANGO_SETTINGS_MODULE="kitsune.settings",
)

if __name__ == "__main__":
    import django

    django.setup()
    tests = unittest.defaultTestLoader.discover(str(HERE), "test_*.py")
    sys.exit(not unittest.TextTestRunner().run(tests).wasSuccessful())
