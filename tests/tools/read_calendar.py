#!/usr/bin/env python3
"""What PyPI's icalendar, with recurring-ical-events, reads in a calendar: a line of JSON for each event of some years, in order.

    pip install icalendar recurring-ical-events
    tests/tools/read_calendar.py calendar.ics 2020 2021
"""

import json
import sys
from datetime import date, timezone

import icalendar
import recurring_ical_events


def time(value):
    moment = value.dt
    if isinstance(moment, date) and not hasattr(moment, "hour"):
        return moment.isoformat()
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    with open(sys.argv[1], "rb") as file:
        calendar = icalendar.Calendar.from_ical(file.read())
    years = date(int(sys.argv[2]), 1, 1), date(int(sys.argv[3]), 1, 1)
    lines = []
    for event in recurring_ical_events.of(calendar).between(*years):
        lines.append({
            "uid": str(event["UID"]),
            "start": time(event["DTSTART"]),
            "end": time(event["DTEND"]),
            "summary": str(event["SUMMARY"]),
            "location": str(event.get("LOCATION", "")),
            "description": str(event.get("DESCRIPTION", "")),
            "status": str(event["STATUS"]),
            "sequence": int(event["SEQUENCE"]),
        })
    lines.sort(key=lambda line: (line["start"], line["uid"]))
    for line in lines:
        print(json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


if __name__ == "__main__":
    main()
