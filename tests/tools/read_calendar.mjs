#!/usr/bin/env node
// What npm's ical.js reads in a calendar: a line of JSON for each event of some years, in order, as read_calendar.py writes them.
//
//     npm install ical.js
//     node tests/tools/read_calendar.mjs calendar.ics 2020 2021
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// Found where it was installed, which need not be beside this file.
const installed = createRequire(join(process.env.NODE_MODULES ?? process.cwd(), "read_calendar.mjs"));
const { default: ICAL } = await import(installed.resolve("ical.js"));

const [file, from, until] = process.argv.slice(2);
const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
const time = (value) =>
  value.isDate ? value.toString() : value.toJSDate().toISOString().replace(".000Z", "Z");
const text = (component, name) => component.getFirstPropertyValue(name) ?? "";
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    description: text(component, "description"),
    end: time(event.endDate),
    location: text(component, "location"),
    sequence: Number(text(component, "sequence")),
    start: time(event.startDate),
    status: text(component, "status"),
    summary: event.summary,
    uid: event.uid,
  };
});
const compared = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
events
  .filter((event) => event.end > from && event.start < until)
  .sort((a, b) => compared(a.start, b.start) || compared(a.uid, b.uid))
  .forEach((event) => console.log(JSON.stringify(event)));
