#!/usr/bin/env python3
"""What Python's own email package and PyPI's icalendar read in an invitation by e-mail: a line of JSON.

    pip install icalendar
    tests/tools/read_invitation.py message.eml
"""

import email
import email.policy
import json
import sys

import icalendar


def main():
    with open(sys.argv[1], "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    parts = {part.get_content_type(): part for part in message.iter_parts()}
    part = parts["text/calendar"]
    calendar = icalendar.Calendar.from_ical(part.get_content())
    (event,) = calendar.walk("VEVENT")
    print(json.dumps({
        "kind": message.get_content_type(),
        "from": str(message["From"]),
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "text": parts["text/plain"].get_content().replace("\r\n", "\n"),
        "said": part.get_param("method"),
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "organizer": [str(event["ORGANIZER"]), event["ORGANIZER"].params["CN"]],
        "attendee": str(event["ATTENDEE"]),
    }, ensure_ascii=False, sort_keys=True))


if __name__ == "__main__":
    main()
