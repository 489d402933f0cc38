#!/usr/bin/python3
import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

here = Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitsune.settings")
execute_from_command_line(sys.argv)
