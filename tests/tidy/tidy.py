#!/usr/bin/env python3
"""Checks what no compiler checks: layers, bans, sizes, machine paths.

    tidy.py [--root DIR] [--sizes]

Prints `file:line: [rule] what is wrong: the line` for each finding and exits with 1 when
there is one. --sizes also prints the distribution of function lengths. The rules are the
tables below. ratchet.txt lists the files and functions that are larger than the rule, with
the size that they may have at most: sizes only go down. Python's standard library only.
"""

import argparse
import pathlib
import re
import subprocess
import sys

SERVICES = ("referral", "advocacy", "retention", "outreach")

GRPC = (r"grpc", r".*\.grpc\.pb\.h$")
PROTOBUF = (r"google/protobuf/", r".*\.pb\.h$")
DATABASE = (r"common/db/", r"sqlite3\.h$", r"libpq")
THREADS = (r"mutex$", r"shared_mutex$", r"thread$", r"condition_variable$", r"atomic$",
           r"future$", r"absl/synchronization/")
CLOCKS = (r"common/base/clock\.h$", r"absl/time/clock\.h$", r"chrono$", r"ctime$", r"time\.h$")

# What a layer may include of the project and of libraries; None: whatever is not forbidden.
# `@` stands for the service. The C++ standard library is always allowed.
LAYERS = {
    "domain": dict(
        allowed=(r"absl/(status|time|strings|container|types|algorithm|base|numeric|"
                 r"functional|hash|cleanup|memory|meta|utility)/",
                 r"common/base/", r"services/@/domain/"),
        forbidden=GRPC + PROTOBUF + DATABASE + THREADS + CLOCKS),
    "store": dict(
        allowed=(r"absl/", r"common/(base|db|executor)/", r"services/@/(domain|store)/"),
        forbidden=GRPC + PROTOBUF + (r"services/@/(app|rpc|consumers|jobs)/",)),
    "app": dict(
        allowed=None,
        forbidden=GRPC + (r"CLI/", r"common/(rpc|server|config)/",
                          r"services/@/(rpc|consumers|jobs)/")),
    "rpc": dict(
        allowed=None,
        forbidden=DATABASE + (r"services/@/(store|consumers|jobs)/", r"CLI/")),
    "consumers": dict(allowed=None, forbidden=(r"services/@/rpc/", r"CLI/")),
    "jobs": dict(allowed=None, forbidden=(r"services/@/rpc/", r"CLI/")),
}

# Words that no source may contain: (pattern, where it is allowed, what to do instead).
CLOCK_SOURCE = re.compile(r"^common/base/clock\.(cc|h)$")
# gRPC's deadlines are points of the system's clock.
DEADLINE_SOURCE = re.compile(r"^(common/(base/clock|rpc/\w+)|clients/cli/grpc_caller)\.(cc|h)$")
BANS = (
    (re.compile(r"\babsl::Now\b"), CLOCK_SOURCE, "take the time from a Clock"),
    (re.compile(r"\bsystem_clock\b"), DEADLINE_SOURCE, "take the time from a Clock"),
    (re.compile(r"\b(std::time|gettimeofday|clock_gettime)\s*\("), CLOCK_SOURCE,
     "take the time from a Clock"),
    (re.compile(r"(?<![\w>.:])now\(\)|\bCURRENT_(TIMESTAMP|TIME|DATE)\b"), None,
     "pass the time to the statement"),
    (re.compile(r"\b(NOTIFY|LISTEN|pg_advisory\w*|pg_current_snapshot|nextval)\b"), None,
     "distributed engines lack it"),
)
MACHINE_PATH = re.compile(r"(?<![\w.~})])/(work|home|root|Users)/\w")

SOURCE_LINES, HARD_SOURCE_LINES = 400, 600
HEADER_LINES, MAIN_LINES, FUNCTION_LINES = 200, 120, 70

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
STANDARD = re.compile(r"^(c?[a-z_0-9]+|[a-z]+\.h)$")
NO_FUNCTION = re.compile(r"^\s*(namespace|class|struct|union|enum|extern|template|if|for|"
                         r"while|switch|do|else|try|case|public|private)\b|=\s*\{$|^\s*[{}]")


class Findings:
    def __init__(self):
        self.lines = []

    def add(self, path, line, rule, text):
        self.lines.append(f"{path}:{line}: [{rule}] {text}")


def tracked(root):
    """Files of the project: what git has or would add, else all."""
    try:
        output = subprocess.run(
            ["git", "-C", root, "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"], capture_output=True, check=True, text=True).stdout
        names = [name for name in output.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [str(p.relative_to(root)) for p in pathlib.Path(root).rglob("*")]
    return sorted(name for name in set(names) if (root / name).is_file())


def without_comment(line):
    return re.sub(r"(?<!:)//.*", "", line)


def matches(patterns, name, service):
    return any(re.match(p.replace("@", service), name) for p in patterns)


def layer_of(path):
    """(service, layer) of services/<service>/<layer>/..., else (None, None)."""
    parts = path.split("/")
    if len(parts) > 3 and parts[0] == "services":
        return parts[1], parts[2]
    return None, None


def check_include(path, number, name, line, findings):
    service, layer = layer_of(path)
    owner = path.split("/")[1] if path.startswith("services/") else ""
    other = re.match(r"services/(\w+)/", name)
    text = f"{layer or path.split('/')[0]} may not include this: {line.strip()}"
    if other and other.group(1) != owner and not path.startswith("tests/"):
        findings.add(path, number, "layers", text)
    elif path.startswith("common/") and re.match(r"(clients|tests)/", name):
        findings.add(path, number, "layers", text)
    elif path.startswith("common/base/") and matches(
            GRPC + PROTOBUF + (r"common/(?!base/)",), name, ""):
        findings.add(path, number, "layers", text)
    rule = LAYERS.get(layer)
    if not rule:
        return
    library = "/" in name or not STANDARD.match(name)
    refused = rule["allowed"] is not None and library and not matches(
        rule["allowed"], name, service)
    if refused or matches(rule["forbidden"], name, service):
        findings.add(path, number, "layers", text)


def check_bans(path, number, line, findings):
    if path.startswith("tests/"):
        return
    for pattern, where, advice in BANS:
        if pattern.search(line) and not (where and where.match(path)):
            findings.add(path, number, "ban", f"{advice}: {line.strip()}")


def functions(lines):
    """(first line, last line, head) of each function, by the indentation that the
    formatter gives: a body ends at the brace in the column of its head."""
    found, open_at = [], {}
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if indent in (0, 2):
            starts = line.rstrip().endswith("{") and not NO_FUNCTION.match(line)
            if starts and ("(" in line or re.match(r"\s*\S", line)):
                open_at[indent] = (number, line.strip())
            elif re.match(r"^\s*}", line) and indent in open_at:
                first, head = open_at.pop(indent)
                found.append((first, number, head))
    return found


def size_limit(path):
    if path.endswith("main.cc"):
        return MAIN_LINES
    if path.endswith(".h"):
        return HEADER_LINES
    return HARD_SOURCE_LINES if path.startswith("tests/") else SOURCE_LINES


def check_sizes(path, lines, ratchet, findings):
    limit = max(size_limit(path), min(ratchet.get(path, 0), HARD_SOURCE_LINES))
    if len(lines) > limit:
        findings.add(path, len(lines), "size", f"{len(lines)} lines, at most {limit}")
    lengths = []
    for first, last, head in functions(lines):
        lengths.append(last - first + 1)
        allowed = max(FUNCTION_LINES, ratchet.get(f"{path}:{head}", 0))
        if lengths[-1] > allowed:
            findings.add(path, first, "size",
                         f"function of {lengths[-1]} lines, at most {allowed}: {head}")
    return lengths


def check_guard(path, lines, findings):
    guard = "KITH_" + re.sub(r"[^A-Za-z0-9]", "_", path).upper() + "_"
    if not any(line.strip() == f"#ifndef {guard}" for line in lines):
        findings.add(path, 1, "guard", f"the header guard is {guard}")


def check_source(path, lines, ratchet, findings):
    for number, raw in enumerate(lines, 1):
        include = INCLUDE.match(raw)
        if include:
            check_include(path, number, include.group(2), raw, findings)
        else:
            check_bans(path, number, without_comment(raw), findings)
    if path.endswith(".h"):
        check_guard(path, lines, findings)
    return check_sizes(path, lines, ratchet, findings)


def read_ratchet(root, findings):
    """`<most lines> <path>` or `<most lines> <path>:<head of a function>`."""
    name = "tests/tidy/ratchet.txt"
    path, ratchet = root / name, {}
    for number, line in enumerate(path.read_text().splitlines() if path.exists() else [], 1):
        if line.strip() and not line.startswith("#"):
            most, _, key = line.partition(" ")
            ratchet[key] = int(most)
            if not (root / key.split(":", 1)[0]).exists():
                findings.add(name, number, "size", f"is gone; remove the line: {key}")
    return ratchet


def run(root):
    """(findings, function lengths) of the tree."""
    findings, lengths = Findings(), []
    ratchet = read_ratchet(root, findings)
    for path in tracked(root):
        try:
            lines = (root / path).read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        if not path.startswith("tests/tidy/"):
            for number, line in enumerate(lines, 1):
                if MACHINE_PATH.search(line):
                    findings.add(path, number, "path", f"path of a machine: {line.strip()}")
        if path.endswith((".cc", ".h")):
            lengths += check_source(path, lines, ratchet, findings)
        elif path.endswith(".sql"):
            for number, line in enumerate(lines, 1):
                check_bans(path, number, re.sub(r"--.*", "", line), findings)
    return findings, sorted(lengths)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--sizes", action="store_true")
    args = parser.parse_args()
    findings, lengths = run(args.root)
    for line in findings.lines:
        print(line)
    if args.sizes and lengths:
        print(f"functions: {len(lengths)}, median {lengths[len(lengths) // 2]}, "
              f"p90 {lengths[len(lengths) * 9 // 10]}, longest {lengths[-1]} lines")
    print(f"tidy: {len(findings.lines)} findings")
    return 1 if findings.lines else 0


if __name__ == "__main__":
    sys.exit(main())
