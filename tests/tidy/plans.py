#!/usr/bin/env python3
"""Whether SQLite finds rows by the indexes that were made for it.

A table WITHOUT ROWID is its own primary key, and without statistics SQLite rather walks along
all rows of a program in it than look rows up by another index. So every statement of the
stores must be planned as it is when the table keeps its rowid. Statements that are put
together at run time are not seen.
"""
import pathlib
import re
import sqlite3
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARK = "/* WITHOUT ROWID */"
LITERAL = r'"(?:[^"\\]|\\.)*"'
FOUNDATION = ROOT / "common/executor/schema/0001_foundation.sql"


def literals(text):
    return "".join(part[1:-1] for part in re.findall(LITERAL, text))


def macros_in(source):
    """The text of each macro of literals."""
    return {name: literals(body) for name, body in
            re.findall(r"#define\s+(KITH_\w+)\s+((?:.*\\\n)*.*\n)", source)}


def statements(source, others=None):
    """(name, SQL) of each constant that is a query, macros filled in: its own or `others`."""
    source = re.sub(r"//.*", "", source)
    macros = {**(others or {}), **macros_in(source)}
    constant = rf"\b(k\w+)(?:\[\])?\s*=\s*((?:{LITERAL}|KITH_\w+|\s)+);"
    for name, body in re.findall(constant, source):
        parts = re.findall(rf"{LITERAL}|KITH_\w+", body)
        sql = "".join(part[1:-1] if part[0] == '"' else macros[part] for part in parts)
        if re.match("SELECT|UPDATE|DELETE", sql):
            yield name, re.sub(r"\$(\d+)", r"?\1", sql)


def store(schema, how):
    database = sqlite3.connect(":memory:")
    database.executescript(schema.replace(MARK, how))
    return database


def plan(database, sql):
    count = max([0] + [int(number) for number in re.findall(r"\?(\d+)", sql)])
    rows = database.execute("EXPLAIN QUERY PLAN " + sql, [None] * count)
    return [row[3] for row in rows]


def walks(with_key, with_rowid):
    """Whether a table is searched by its key that another index was used for."""
    other = re.compile(r"SEARCH .* USING (COVERING )?INDEX (?!sqlite_autoindex_\w+_1 )")
    return any(other.match(was) and " USING PRIMARY KEY " in now
               for now, was in zip(with_key, with_rowid))


def macros_of(sources):
    found = {}
    for path in sources:
        found.update(macros_in(path.read_text()))
    return found


def problems(schema, sources):
    with_key, with_rowid = store(schema, "WITHOUT ROWID"), store(schema, "")
    others = macros_of(sources)
    for path in sources:
        for name, sql in statements(path.read_text(), others):
            now = plan(with_key, sql)
            if walks(now, plan(with_rowid, sql)):
                yield f"{path}: {name}: {'; '.join(now)}"


def self_test():
    schema = ("CREATE TABLE t (p TEXT NOT NULL, i TEXT NOT NULL, v TEXT NOT NULL, x BIGINT, "
              f"PRIMARY KEY (p, i)) {MARK}; CREATE INDEX t_v ON t (p, v) WHERE v <> '';")

    def walks_for(condition):
        sql = "SELECT * FROM t WHERE p = ?1 AND " + condition
        return walks(plan(store(schema, "WITHOUT ROWID"), sql), plan(store(schema, ""), sql))

    assert walks_for("v = ?2 AND v <> ''")
    assert not walks_for("i = ?2")
    source = ('#define KITH_C "a, " \\\n  "b "\n'
              'constexpr x kOne =\n    "SELECT " KITH_C\n "FROM t";')
    assert list(statements(source)) == [("kOne", "SELECT a, b FROM t")]


def main():
    self_test()
    found, seen = [], 0
    for folder in sorted((ROOT / "services").iterdir()):
        migrations = sorted((folder / "migrations").glob("*.sql"))
        if not migrations:
            continue
        schema = "".join(path.read_text() for path in [FOUNDATION, *migrations])
        roots = (folder, ROOT / "common/executor", ROOT / "common/feed")
        sources = sorted(path for root in roots
                         for path in root.rglob("*") if path.suffix in (".h", ".cc"))
        others = macros_of(sources)
        seen += sum(1 for path in sources for _ in statements(path.read_text(), others))
        found += problems(schema, sources)
    assert seen > 100, "the statements were not found"
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
