#!/usr/bin/env python3
"""Random recurrence rules in Europe/Stockholm, and when python-dateutil says that meetings by them begin.

    pip install python-dateutil
    tests/tools/recurrence.py 100000 7 >rules.jsonl
    SAMVERKAN_TEST_RECURRENCES=$PWD/rules.jsonl cargo test --test proof recurrence

One line a rule: the RRULE value, the first day, the time of day, the day before which all meetings are, and the first of them in UTC.
tests/schedule/recurrence.jsonl, which every test run compares, was made by `tests/tools/recurrence.py 400 1`.
"""

import datetime as calendar
import itertools
import json
import random
import sys
import types
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import dateutil.rrule
from dateutil.rrule import rrulestr

# It would look for the next day until the year 9999; we ask about none after 2070.
dateutil.rrule.datetime = types.SimpleNamespace(**{**vars(calendar), "MAXYEAR": 2075})

# Not that of dateutil, which knows no summer time after 2037.
STOCKHOLM = ZoneInfo("Europe/Stockholm")
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
# At most so many meetings of a rule are compared.
MEETINGS = 12


def some(draw, values, most):
    """Some of the values, in any order."""
    return ",".join(str(value) for value in draw.sample(values, draw.randint(1, most)))


def signed(numbers):
    return [*numbers, *(-number for number in numbers)]


def days_of(draw, frequency, parts):
    """A BYDAY; with numbers where the frequency knows them (RFC 5545, 3.3.10): those of a month, or of a year."""
    if frequency in ("MONTHLY", "YEARLY") and "BYWEEKNO" not in parts and draw.random() < 0.5:
        most = 4 if frequency == "MONTHLY" or "BYMONTH" in parts else 50
        numbers = [f"{number}{day}" for number in signed(range(1, most + 1)) for day in WEEKDAYS]
        return some(draw, numbers, 3)
    return some(draw, WEEKDAYS, 4)


def rule_parts(draw, frequency):
    parts = {}
    if draw.random() < 0.5:
        parts["INTERVAL"] = draw.randint(1, 6)
    if draw.random() < 0.35:
        parts["BYMONTH"] = some(draw, range(1, 13), 5)
    if frequency == "YEARLY" and draw.random() < 0.2:
        parts["BYWEEKNO"] = some(draw, signed(range(1, 54)), 4)
    if frequency == "YEARLY" and draw.random() < 0.2:
        parts["BYYEARDAY"] = some(draw, signed(range(1, 367)), 5)
    if frequency != "WEEKLY" and draw.random() < 0.35:
        parts["BYMONTHDAY"] = some(draw, signed(range(1, 32)), 5)
    if draw.random() < 0.6:
        parts["BYDAY"] = days_of(draw, frequency, parts)
    if any(name.startswith("BY") for name in parts) and draw.random() < 0.3:
        parts["BYSETPOS"] = some(draw, signed(range(1, 6)), 3)
    if draw.random() < 0.3:
        parts["WKST"] = draw.choice(WEEKDAYS)
    return parts


def written(frequency, parts):
    return ";".join([f"FREQ={frequency}", *(f"{name}={value}" for name, value in parts.items())])


def case(draw):
    frequency = draw.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = rule_parts(draw, frequency)
    first = date(2000, 1, 1) + timedelta(days=draw.randrange(365 * 60))
    # Not between two and three, when the clocks change: such a time may not be, or be twice.
    at = time(draw.choice([0, 1, *range(3, 24)]), draw.choice([0, 15, 30, 45, 59]))
    before = first + timedelta(days=draw.randint(1, 3650))
    start = datetime.combine(first, at, STOCKHOLM)
    ours, theirs = dict(parts), dict(parts)
    end = draw.choice(["COUNT", "day", "instant", "nothing"])
    if end == "COUNT":
        ours["COUNT"] = theirs["COUNT"] = draw.randint(1, 30)
    elif end != "nothing":
        last = first + timedelta(days=draw.randint(0, 2000))
        moment = time(23, 59, 59) if end == "day" else draw.choice([at, time(0, 0), time(12, 30)])
        until = datetime.combine(last, moment, STOCKHOLM).astimezone(timezone.utc)
        theirs["UNTIL"] = until.strftime("%Y%m%dT%H%M%SZ")
        ours["UNTIL"] = last.strftime("%Y%m%d") if end == "day" else theirs["UNTIL"]
        if until < start.astimezone(timezone.utc):
            return None
    limit = datetime.combine(before, time(0), STOCKHOLM)
    rule = rrulestr(written(frequency, theirs), dtstart=start)
    found = itertools.islice(itertools.takewhile(lambda at: at < limit, rule), MEETINGS)
    return {
        "rule": written(frequency, ours),
        "first": first.isoformat(),
        "at": at.strftime("%H:%M"),
        "before": before.isoformat(),
        "begin": [at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%MZ") for at in found],
    }


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    draw, made = random.Random(seed), 0
    while made < count:
        line = case(draw)
        if line is not None:
            print(json.dumps(line, separators=(",", ":")))
            made += 1


if __name__ == "__main__":
    main()
