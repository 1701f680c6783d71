#!/usr/bin/env python3
"""Converts the raw Debian advocacy tables into the CSV shapes that `kith import` reads.

    convert_debian_advocacy.py RAW_DIR OUT_DIR

RAW_DIR holds customers.csv, referrals.csv and events.csv as derived from the history of
the Debian keyring; OUT_DIR (tests/data/debian_advocacy) receives the three files of the
same names in our shapes. debian_advocacy/SOURCE.md says what the data is, how each column
is mapped and why. Python's standard library only; the output depends on the input only.
"""

import csv
import pathlib
import sys


def day(moment):
    """The day of an RFC 3339 time: nothing finer is shipped."""
    return moment[:10]


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows")


def customers(members):
    """Members whose joining was seen, by the day of joining."""
    rows = [
        (
            member["member_id"],
            day(member["joined_at"]),
            "referral" if member["referrer_id"] else "unrecorded",
            member["referrer_id"],
            day(member["left_at"]),
            member["channel"],
        )
        for member in members
        if member["joined_at"]
    ]
    return sorted(rows, key=lambda row: (row[1], row[0]))


def referrals(edges):
    """Every edge advocate -> applicant, by day; those of one day stay in the raw order."""
    rows = []
    for edge in edges:
        submitted = edge["advocated_month"] + "-01"
        if edge["admitted_at"]:
            submitted = min(submitted, day(edge["admitted_at"]))
        rows.append((submitted, edge["referrer_id"], edge["referee_id"],
                     day(edge["upgraded_to_dd_at"])))
    rows.sort(key=lambda row: row[0])
    return [
        (f"r-{number:04d}", advocate, submitted, referee, converted)
        for number, (submitted, advocate, referee, converted) in enumerate(rows, 1)
    ]


def event_name(event):
    if event["event"] == "role_change" and event["detail"] == "DM>DD":
        return "upgraded_to_dd"
    return event["event"].split(":")[0]


def events(raw, churned_on):
    """What is dated, except joining and the leaving that customers.csv has as churn."""
    rows = set()
    for event in raw:
        name, when, member = event_name(event), day(event["at"]), event["member_id"]
        if not when or name == "join":
            continue
        if name == "leave" and churned_on.get(member) == when:
            continue
        rows.add((member, name, when))
    return sorted(rows, key=lambda row: (row[2], row[0], row[1]))


def main(raw, out):
    people = customers(read(raw / "customers.csv"))
    write(out / "customers.csv",
          ("customer_id", "signup_time", "channel", "referrer_id", "churn_time", "plan"),
          people)
    write(out / "referrals.csv",
          ("referral_id", "advocate_id", "submitted_time", "referee_id", "converted_time"),
          referrals(read(raw / "referrals.csv")))
    churned_on = {row[0]: row[4] for row in people if row[4]}
    write(out / "events.csv", ("customer_id", "name", "time"),
          events(read(raw / "events.csv"), churned_on))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.split("\n\n")[1].strip())
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
