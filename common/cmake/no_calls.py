#!/usr/bin/env python3
"""no_calls.py --nm NM LIBRARY FORBIDDEN...: fails when an object of LIBRARY, a static library,
needs a symbol that one of the FORBIDDEN libraries defines, and names the symbols."""

import argparse
import pathlib
import re
import subprocess
import sys

SHOWN = 5


def symbols(nm, library, *flags):
    """(kind, name) of the symbols of a library; those of a shared one are dynamic."""
    dynamic = ["--dynamic"] if ".so" in library.name else []
    output = subprocess.run([nm, "--format=posix", *flags, *dynamic, library],
                            capture_output=True, check=True, text=True).stdout
    return [(m[2], m[1]) for m in re.finditer(r"^(\S+) (\w)\b", output, re.MULTILINE)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("library", type=pathlib.Path)
    parser.add_argument("forbidden", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    needed = {name for kind, name in symbols(arguments.nm, arguments.library, "--undefined-only")
              if kind == "U"}
    wrong = False
    for library in arguments.forbidden:
        # Weak ones are inline functions and templates, which every user has for itself.
        defined = {re.sub(r"@.*", "", name)
                   for kind, name in symbols(arguments.nm, library, "--defined-only", "--extern-only")
                   if kind in "TDRB"}
        for name in sorted(needed & defined)[:SHOWN]:
            wrong = True
            print(f"{arguments.library.name} may not use {library.name}: {name}", file=sys.stderr)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
