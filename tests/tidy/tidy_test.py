#!/usr/bin/env python3
"""Shows that each rule of tidy.py fires, on a small tree that breaks it."""

import pathlib
import tempfile
import unittest

import tidy

GOOD = '#include <string>\n\n#include "absl/status/status.h"\n#include "common/base/money.h"\n'


def guarded(path, body=""):
    name = "KITH_" + path.upper().replace("/", "_").replace(".", "_") + "_"
    return f"#ifndef {name}\n#define {name}\n{body}#endif\n"


class TidyTest(unittest.TestCase):
    def findings(self, files):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return tidy.run(root)[0].lines

    def refuses(self, path, text, rule, where=None):
        found = self.findings({path: text})
        self.assertEqual(len(found), 1, found)
        self.assertIn(f"[{rule}]", found[0])
        self.assertTrue(found[0].startswith(f"{path}:{where or 1}:"), found[0])

    def includes(self, path, name):
        return path, f"#include {name}\n", "layers"

    def test_what_is_allowed_passes(self):
        self.assertEqual(self.findings({
            "services/referral/domain/judge.cc": GOOD,
            "services/referral/domain/judge.h": guarded("services/referral/domain/judge.h"),
            "services/referral/store/rows.cc": '#include "common/db/db.h"\n',
            "services/referral/app/submit.cc": '#include "common/executor/executor.h"\n',
            "services/referral/rpc/service.cc": '#include "services/referral/app/submit.h"\n',
            "common/base/clock.cc": "absl::Time T() { return absl::Now(); }\n",
        }), [])

    def test_domain_is_pure(self):
        for name in ('"common/db/db.h"', '"kith/events/v1/events.pb.h"', "<grpcpp/grpcpp.h>",
                     '"google/protobuf/message.h"', '"absl/synchronization/mutex.h"',
                     "<mutex>", "<chrono>", '"common/base/clock.h"', '"common/log/log.h"',
                     '"services/referral/store/rows.h"', '"services/referral/app/submit.h"'):
            self.refuses(*self.includes("services/referral/domain/judge.cc", name))

    def test_layers_go_one_way(self):
        self.refuses(*self.includes("services/referral/store/rows.cc",
                                    '"services/referral/app/submit.h"'))
        self.refuses(*self.includes("services/referral/store/rows.cc",
                                    '"kith/events/v1/events.pb.h"'))
        self.refuses(*self.includes("services/referral/app/submit.cc",
                                    '"services/referral/rpc/service.h"'))
        self.refuses(*self.includes("services/referral/app/submit.cc", "<grpcpp/grpcpp.h>"))
        self.refuses(*self.includes("services/referral/rpc/service.cc",
                                    '"services/referral/store/rows.h"'))
        self.refuses(*self.includes("services/referral/rpc/service.cc", '"common/db/db.h"'))

    def test_services_never_include_each_other(self):
        self.refuses(*self.includes("services/referral/app/submit.cc",
                                    '"services/advocacy/domain/points.h"'))
        self.refuses(*self.includes("services/referral/main.cc",
                                    '"services/advocacy/app/points.h"'))
        self.refuses(*self.includes("clients/cli/report.cc",
                                    '"services/advocacy/domain/points.h"'))
        self.refuses(*self.includes("common/rpc/call.cc",
                                    '"services/advocacy/domain/points.h"'))

    def test_time_comes_from_the_clock(self):
        for text in ("auto t = absl::Now();\n", "std::chrono::system_clock::now();\n",
                     'q("UPDATE x SET t = now()");\n', 'q("SELECT CURRENT_TIMESTAMP");\n'):
            self.refuses("services/referral/app/submit.cc", text, "ban")
        self.refuses("services/referral/migrations/0001_x.sql",
                     "CREATE TABLE x (t BIGINT DEFAULT now());\n", "ban")
        self.assertEqual(self.findings({
            "common/rpc/x.cc": "// not absl::Now()\nauto n = clock.now();\n"}), [])

    def test_sizes(self):
        self.refuses("services/referral/app/submit.cc", "\n" * 401, "size", 401)
        self.refuses("services/referral/main.cc", "\n" * 121, "size", 121)
        self.refuses("tests/unit/x_test.cc", "\n" * 601, "size", 601)
        path = "common/base/x.h"
        text = guarded(path, "\n" * 200)
        self.refuses(path, text, "size", 203)
        long_function = "int F() {\n" + "  G();\n" * 70 + "}\n"
        self.refuses("common/base/x.cc", long_function, "size")

    def test_the_ratchet_allows_what_it_lists_and_no_more(self):
        path, body = "services/referral/app/submit.cc", "\n" * 450
        listed = {path: body, "tests/tidy/ratchet.txt": f"450 {path}\n"}
        self.assertEqual(self.findings(listed), [])
        listed[path] += "\n"
        self.assertEqual(len(self.findings(listed)), 1)
        listed = {path: "\n" * 601, "tests/tidy/ratchet.txt": f"700 {path}\n"}
        self.assertEqual(len(self.findings(listed)), 1)

    def test_no_path_of_a_machine(self):
        self.refuses("k8s/x.yaml", "path: /" + "home/me/kith\n", "path")
        self.assertEqual(self.findings({"README.md": "https://x.org/" + "home/me\n"}), [])

    def test_header_guard(self):
        self.refuses("common/base/x.h", "#pragma once\n", "guard")


if __name__ == "__main__":
    unittest.main(verbosity=1)
