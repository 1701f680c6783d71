#!/usr/bin/env python3
"""Shows that common/cmake/no_calls.py finds a call of a forbidden library, and only that."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "common/cmake/no_calls.py"
SOURCES = {
    "store": "int stored() { return 1; }\ninline int both() { return 2; }\nint s() { return both(); }",
    "app": "int stored();\nint decided() { return stored(); }",
    "rpc": "int decided();\ninline int both() { return 2; }\nint said() { return decided() + both(); }",
    "bad_rpc": "int stored();\nint said() { return stored(); }",
}


class NoCallsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        for name, text in SOURCES.items():
            (self.root / f"{name}.cc").write_text(text)
            self.call("c++", "-c", f"{name}.cc", "-o", f"{name}.o")
            self.call("ar", "qc", f"lib{name}.a", f"{name}.o")
        self.call("c++", "-shared", "-fPIC", "store.cc", "-o", "libstore.so")

    def tearDown(self):
        self.folder.cleanup()

    def call(self, *command):
        subprocess.run(command, cwd=self.root, check=True)

    def check(self, *libraries):
        return subprocess.run([sys.executable, SCRIPT, *libraries], cwd=self.root, check=False,
                              capture_output=True, text=True)

    def test_a_call_that_another_library_makes_is_none(self):
        self.assertEqual(self.check("librpc.a", "libstore.a", "libstore.so").returncode, 0)

    def test_a_call_of_a_forbidden_library_is_named(self):
        for library in ("libstore.a", "libstore.so"):
            found = self.check("libbad_rpc.a", library)
            self.assertEqual(found.returncode, 1)
            self.assertEqual(found.stderr, f"libbad_rpc.a may not use {library}: _Z6storedv\n")


if __name__ == "__main__":
    unittest.main()
