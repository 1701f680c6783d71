#!/usr/bin/env python3
"""Recomputes the programme report from the imported CSV files, apart from the services.

    recompute.py DATA_DIR --as-of 2019-09-03            prints everything as JSON
    recompute.py DATA_DIR --as-of … --compare survival=FILE concentration=FILE …
                                                        compares with what `kith` printed
    recompute.py --self-test                            checks itself on reference values

The sections `survival`, `churn`, `concentration`, `rewards` and `report` have the shapes that
`kith … --json` prints, so that they can be compared directly: counts, names and money
exactly, other numbers to 1e-9. A field that is null here may be absent there, and fields
that are only there do not matter. `advocate:ID=FILE` compares one advocate.

The rules are those of clients/examples/debian.yaml, given as options or, for the playbooks,
below; the formulas are in statistics_reference.py. Python's standard library only.
"""

import argparse
import csv
import datetime
import json
import math
import pathlib
import sys
from collections import Counter, defaultdict

import statistics_reference as statistics

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)
POINTS = {"review": 50, "case_study": 100, "speaking": 200, "educational_content": 150,
          "community_answer": 25, "meetup": 150, "social_mention": 10, "testimonial": 75,
          "user_generated_content": 50}
# What starts a playbook, what ends it, and when its steps are planned.
HOUR = datetime.timedelta(hours=1)
PLAYBOOKS = [
    ("referral_submitted", "converted", [0 * DAY, 3 * DAY]),
    ("referral_converted", None, [0 * DAY]),
    ("signup_attributed", "churned", [HOUR, 2 * DAY, 7 * DAY, 30 * DAY]),
]
QUIET_FROM, QUIET_TO = 22, 6  # hours, UTC
TIERS = [("supporter", 100), ("defender", 250), ("champion", 500)]


def moment(text):
    """A plain date (midnight UTC) or an RFC 3339 time; None when empty."""
    if not text:
        return None
    time = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def read(path):
    if not path.exists():
        return []
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def judge(rows, signups):
    """Accepted referrals by referee, and the number refused for each reason."""
    accepted, refused = {}, Counter()
    for row in rows:
        referee, submitted = row["referee_id"], moment(row["submitted_time"])
        if row["advocate_id"] == referee:
            refused["SELF_REFERRAL"] += 1
        elif referee in accepted:
            refused["ALREADY_REFERRED"] += 1
        elif referee in signups and signups[referee] < submitted:
            refused["EXISTING_CUSTOMER"] += 1
        else:
            accepted[referee] = row
    return accepted, refused


def attribute(customer, signups, accepted, advocates, lead_window):
    """(channel, referrer) of a customer: a lead, converted or in its window before the
    signup, else who was named."""
    name = customer["customer_id"]
    lead = accepted.get(name)
    if lead:
        age = signups[name] - moment(lead["submitted_time"])
        if lead.get("converted_time") or datetime.timedelta(0) <= age <= lead_window:
            return "referral", lead["advocate_id"]
    named = customer.get("referrer_id", "")
    if named in advocates and named != name:
        return "referral", named
    return customer.get("channel") or "organic", ""


def tree_depth(parents):
    def depth(name):
        steps = 0
        while name in parents:
            name, steps = parents[name], steps + 1
        return steps

    return max(map(depth, parents), default=0)


def life(customer, as_of):
    """(tenure in whole days, left) at the time of censoring."""
    start, end = moment(customer["signup_time"]), moment(customer.get("churn_time"))
    left = end is not None and end <= as_of
    return ((end if left else as_of) - start) // DAY, left


def survival(groups):
    result = {"groups": [], "log_rank": None}
    for name, lives in sorted(groups.items()):
        rows = statistics.kaplan_meier(lives)
        result["groups"].append({
            "group": name,
            "n": len(lives),
            "events": sum(left for _, left in lives),
            "median_days": statistics.median(rows),
            "points": [{"day": day, "at_risk": at_risk, "events": events,
                        "survival": float(value), "lower": lower, "upper": upper}
                       for day, at_risk, events, value, lower, upper in rows],
        })
    test = statistics.log_rank([lives for _, lives in sorted(groups.items())])
    if test:
        result["log_rank"] = dict(zip(("chi_square", "degrees_of_freedom", "p_value"), test))
    return result


def churn(groups, args):
    months = [
        {"group": name,
         "months": [dict(zip(("month", "at_risk", "events", "hazard"), row))
                    for row in statistics.churn_by_month(lives)]}
        for name, lives in sorted(groups.items())]
    ratio = None
    if args.referred_channel in groups and args.baseline_channel in groups:
        ratio = {"numerator": args.referred_channel, "denominator": args.baseline_channel}
        ratio.update(zip(("ratio", "lower", "upper"), statistics.rate_ratio(
            groups[args.referred_channel], groups[args.baseline_channel],
            args.from_month, args.to_month)))
    return {"groups": months, "rate_ratio": ratio}


def segment_bound(successes):
    """Most successes of a contributor: natural breaks among those with successes."""
    positives = [n for n in successes if n > 0]
    if len(set(positives)) < 2:
        return max(positives, default=0)
    return statistics.natural_breaks(positives, 2)[0]


def segment_of(successes, bound):
    if successes == 0:
        return "dormant"
    return "contributor" if successes <= bound else "champion"


def concentration(successes):
    values = list(successes.values())
    bound = segment_bound(values)
    segments = []
    for name in ("champion", "contributor", "dormant"):
        members = [n for n in values if segment_of(n, bound) == name]
        segments.append({"segment": name, "advocates": len(members),
                         "min_successes": min(members, default=0),
                         "max_successes": max(members, default=0)})
    return {
        "advocates": len(values),
        "successes": sum(values),
        "gini": statistics.gini(values),
        "top": [{"share_of_advocates": percent / 100,
                 "share_of_successes": statistics.top_share(values, percent)}
                for percent in (1, 5, 10, 20)],
        "segments": segments,
    }


def advocates_with_points(successes, acts):
    bound = segment_bound(list(successes.values()))
    result = []
    for name in sorted(successes):
        points = 75 * successes[name] + acts[name]
        reached = [tier for tier, least in TIERS if points >= least]
        missing = [least - points for _, least in TIERS if points < least]
        result.append({"advocate_id": name, "points": points,
                       "tier": reached[-1] if reached else "",
                       "points_to_next_tier": missing[0] if missing else 0,
                       "segment": segment_of(successes[name], bound),
                       "successes": successes[name]})
    return result


def rewards(converted, args):
    """Totals by state of the two fixed rewards of each conversion."""
    totals = Counter()
    for row in converted:
        available = moment(row["converted_time"]) + args.holding_days * DAY
        state = "available" if available <= args.now else "held"
        totals[state] += args.referrer_reward + (args.referee_reward if row["referee_id"] else 0)
    return {"totals": [{"currency": args.currency, "amount_minor": totals[state],
                        "state": state} for state in sorted(totals)]}


def retention_summary(customers, channels, events, args):
    """Customers by channel with those who left and those who reached the success event."""
    signed_up = {row["customer_id"]: moment(row["signup_time"]) for row in customers}
    reached = {row["customer_id"] for row in events
               if row["name"] == args.aha_event and row["customer_id"] in signed_up
               and moment(row["time"]) >= signed_up[row["customer_id"]]}
    counts = defaultdict(Counter)
    for row in customers:
        channel = channels[row["customer_id"]][0]
        counts[channel]["customers"] += 1
        counts[channel]["churned"] += bool(row.get("churn_time"))
        counts[channel]["aha_reached"] += row["customer_id"] in reached
    distinct = {(row["customer_id"], row["name"], row["time"]) for row in events}
    left = sum(bool(row.get("churn_time")) for row in customers)
    return {
        "channels": [{"channel": name, **{key: counts[name][key] for key in
                                          ("customers", "churned", "aha_reached")}}
                     for name in sorted(counts)],
        "customers_without_signup": len(
            {row["customer_id"] for row in events} - set(channels)),
        "events": len(customers) + left + len(distinct),
    }


def after_quiet_hours(time):
    """The time itself, or the end of the quiet hours that it is in."""
    if QUIET_TO <= time.hour < QUIET_FROM:
        return time
    end = time.replace(hour=QUIET_TO, minute=0, second=0)
    return end + DAY if time.hour >= QUIET_FROM else end


def outreach(triggers, args):
    """Messages planned by the triggers, each (name, time, what happened to it later)."""
    enrollments = due = 0
    states = Counter()
    for name, time, happened in triggers:
        for trigger, ended_by, steps in PLAYBOOKS:
            if trigger != name:
                continue
            enrollments += 1
            for after in steps:
                ended = ended_by is not None and ended_by == happened
                states[("skipped", ended_by) if ended else ("scheduled", "")] += 1
                due += not ended and after_quiet_hours(time + after) <= args.as_of
    return {"enrollments": enrollments, "due": due,
            "states": [{"state": state, "reason": reason, "messages": states[state, reason]}
                       for state, reason in sorted(states)]}


def program_report(parts, advocates):
    """The shape of `kith report --json`."""
    referrals, retention = parts["referrals"], parts["retention"]
    return {
        "referral": {"advocates": advocates, "referrals": referrals["accepted"],
                     "conversions": referrals["converted"],
                     "converted_referrals": referrals["converted"],
                     "tree_depth": referrals["tree_depth"],
                     "channels": parts["channels"]},
        "rewards": parts["rewards"],
        "concentration": parts["concentration"],
        "advocacy": {"points": parts["points"],
                     "goodness_of_variance_fit": parts["goodness_of_variance_fit"],
                     "tiers": parts["tiers"]},
        "retention": {**retention,
                      "customers": sum(row["customers"] for row in retention["channels"]),
                      "churned": sum(row["churned"] for row in retention["channels"])},
        "survival": parts["survival"],
        "churn": parts["churn"],
        "outreach": parts["outreach"],
    }


def recompute(args):
    customers = read(args.data / "customers.csv")
    submitted = read(args.data / "referrals.csv")
    events = read(args.data / "events.csv")
    signups = {row["customer_id"]: moment(row["signup_time"]) for row in customers}
    accepted, refused = judge(submitted, signups)
    enrolled = {row["advocate_id"] for row in submitted}
    channels = {row["customer_id"]: attribute(row, signups, accepted, enrolled,
                                              args.lead_window_days * DAY)
                for row in customers}
    converted = [row for row in accepted.values() if row.get("converted_time")]

    successes = Counter({name: 0 for name in enrolled})
    successes.update(row["advocate_id"] for row in converted)
    acts = Counter()
    for row in read(args.data / "activities.csv"):
        acts[row["advocate_id"]] += POINTS[row["behaviour"]]
        successes[row["advocate_id"]] += 0
    advocates = advocates_with_points(successes, acts)
    tiers = Counter(row["tier"] for row in advocates)

    by_channel, by_channel_converted = Counter(), Counter()
    won = {row["referee_id"] for row in converted}
    groups = defaultdict(list)
    for row in customers:
        channel = channels[row["customer_id"]][0]
        by_channel[channel] += 1
        by_channel_converted[channel] += row["customer_id"] in won
        if signups[row["customer_id"]] <= args.as_of:
            groups[channel].append(life(row, args.as_of))

    triggers = [("referral_submitted", moment(row["submitted_time"]),
                 "converted" if row.get("converted_time") else None)
                for row in accepted.values()]
    triggers += [("referral_converted", moment(row["converted_time"]), None)
                 for row in converted]
    triggers += [("signup_attributed", signups[row["customer_id"]],
                  "churned" if row.get("churn_time") else None)
                 for row in customers if channels[row["customer_id"]][1]]
    parts = {
        "referrals": {
            "submitted": len(submitted),
            "accepted": len(accepted),
            "refused": dict(sorted(refused.items())),
            "converted": len(converted),
            "tree_depth": tree_depth(
                {name: row["advocate_id"] for name, row in accepted.items()}),
        },
        "channels": [{"channel": name, "customers": by_channel[name],
                      "converted": by_channel_converted[name]} for name in sorted(by_channel)],
        "concentration": concentration(successes),
        "lorenz": statistics.lorenz(list(successes.values())),
        "goodness_of_variance_fit": fit(list(successes.values())),
        "tiers": [{"tier": name, "advocates": tiers[name]}
                  for name in ("", *(tier for tier, _ in TIERS))],
        "points": sum(row["points"] for row in advocates),
        "advocates": advocates,
        "survival": survival(groups),
        "churn": churn(groups, args),
        "retention": retention_summary(customers, channels, events, args),
        "rewards": rewards(converted, args),
        "triggers": dict(sorted(Counter(name for name, _, _ in triggers).items())),
        "outreach": outreach(triggers, args),
    }
    parts["report"] = program_report(parts, len(enrolled))
    return parts


def fit(values):
    positives = [n for n in values if n > 0]
    if len(set(positives)) < 2:
        return 1.0
    return statistics.variance_fit(positives, statistics.natural_breaks(positives, 2))


def differences(path, expected, actual):
    """Where what was printed is not what it should be."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{path}: {actual!r}, expected an object"]
        return [line for key in expected
                for line in differences(f"{path}.{key}", expected[key], actual.get(key))]
    if isinstance(expected, (list, tuple)):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return [f"{path}: {len(actual or [])} elements, expected {len(expected)}"]
        return [line for i, (want, have) in enumerate(zip(expected, actual))
                for line in differences(f"{path}[{i}]", want, have)]
    if isinstance(expected, float) and isinstance(actual, (int, float)):
        same = math.isclose(expected, actual, rel_tol=1e-9, abs_tol=1e-9)
    elif isinstance(expected, str) and isinstance(actual, str):
        same = expected.lower() == actual.lower()
    else:
        same = expected == actual and isinstance(actual, bool) == isinstance(expected, bool)
    return [] if same else [f"{path}: {actual!r}, expected {expected!r}"]


def expected_section(report, name):
    if name.startswith("advocate:"):
        wanted = name.removeprefix("advocate:")
        return next(row for row in report["advocates"] if row["advocate_id"] == wanted)
    return report[name]


def compare(report, pairs):
    """Prints every difference; the exit status."""
    wrong = 0
    for pair in pairs:
        name, path = pair.split("=", 1)
        with open(path, encoding="utf-8") as file:
            found = differences(name, expected_section(report, name), json.load(file))
        for line in found[:20]:
            print(line)
        print(f"{name}: {'ok' if not found else f'{len(found)} differences'}")
        wrong += bool(found)
    return 1 if wrong else 0


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path, nargs="?")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--as-of", type=moment, default=datetime.datetime.now(UTC))
    parser.add_argument("--now", type=moment, default=datetime.datetime.now(UTC),
                        help="decides which rewards are still held")
    parser.add_argument("--from-month", type=int, default=2)
    parser.add_argument("--to-month", type=int, default=4)
    parser.add_argument("--referred-channel", default="referral")
    parser.add_argument("--baseline-channel", default="unrecorded")
    parser.add_argument("--aha-event", default="upgraded_to_dd")
    parser.add_argument("--lead-window-days", type=int, default=4000)
    parser.add_argument("--currency", default="USD")
    parser.add_argument("--referrer-reward", type=int, default=5000, help="minor units")
    parser.add_argument("--referee-reward", type=int, default=2500, help="minor units")
    parser.add_argument("--holding-days", type=int, default=30)
    parser.add_argument("--compare", nargs="+", metavar="SECTION=FILE")
    args = parser.parse_args()
    if not args.self_test and not args.data:
        parser.error("a data directory is needed")
    return args


def main():
    args = arguments()
    if args.self_test:
        import self_test
        self_test.run()
        return 0
    report = recompute(args)
    if args.compare:
        return compare(report, args.compare)
    json.dump(report, sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
