//! The rules of the format, one by one: the least that breaks each, and what is said of it.

use super::{problems, read_all};

/// Breaks one rule in a record that is right otherwise; the line is that of the last one given.
#[track_caller]
fn breaks(noun: &str, fields: &str, said: &str) {
    let rest = match noun {
        "organisation" => "key = \"o\"\nkind = \"OTHER\"\n",
        "person" => "key = \"p\"\ngivenName = \"Eva\"\nfamilyName = \"Ek\"\n",
        "group" => "key = \"g\"\nname = \"G\"\nkind = \"COUNCIL\"\n",
        "membership" => "seat = \"g/s\"\nperson = \"p\"\n",
        "schedule" => "key = \"s\"\ngroups = [\"g\"]\n",
        _ => "",
    };
    let found = problems(&format!("[[{noun}]]\n{rest}{fields}"));
    let found: Vec<_> = found.iter().filter_map(|line| line.splitn(3, ':').nth(2)).map(str::trim).collect();
    assert_eq!(found, [said]);
}

#[test]
fn of_organisations() {
    let follow = "organisation.names: must begin (`from`) when the name before it ends, or later";
    breaks("organisation", "names = [{ name = \"A\" }, { name = \"B\" }]", follow);
    breaks("organisation", "names = [{ name = \"A\", lastDay = \"2019\" }, { name = \"B\", from = \"2019\" }]", follow);
    breaks("organisation", "names = [{ name = \"A\", from = \"2019\" }, { name = \"B\", from = \"2018\" }]", follow);
    breaks("organisation", "names = []", "organisation.names: names nothing");
    let both = |field: &str| format!("organisation.{field}: says the same as `names`: leave one of them out");
    breaks("organisation", "names = [{ name = \"A\" }]\nname = \"A\"", &both("name"));
    breaks("organisation", "names = [{ name = \"A\" }]\nshortName = \"A\"", &both("shortName"));
    let unit = "[[organisation]]\nkey = \"o\"\nkind = \"UNIT\"\nname = \"E\"";
    assert_eq!(problems(unit), ["a.toml:1: organisation.parent: is missing: a UNIT is a part of another organisation"]);
    let slug = "organisation.key: is also the slug: a slug has lower-case letters a–z, digits and single hyphens, at most \
                80 characters";
    let with_parts = "[[organisation]]\nkey = \"region/enhet\"\nkind = \"OTHER\"\nname = \"E\"";
    assert_eq!(problems(with_parts), [format!("a.toml:2: {slug}")]);
    assert!(read_all(&[("a.toml", &format!("{with_parts}\nslug = \"enhet\""))]).is_ok());
}

#[test]
fn of_groups_and_seats() {
    breaks(
        "group",
        "relations = [{ kind = \"SERVES\" }]",
        "group.relations.group: is missing: give it, or `organisation`",
    );
    let both = "group.relations.organisation: says the same as `group`: leave one of them out";
    breaks("group", "relations = [{ kind = \"SERVES\", group = \"a\", organisation = \"b\" }]", both);
    let seat = |fields: &str, said: &str| {
        breaks("group", &format!("seats = [{{ key = \"s\", role = \"CHAIR\", {fields} }}]"), said)
    };
    let only = "group.seats.position: only a seat that is filled EX_OFFICIO has a position";
    seat("position = \"p\"", only);
    seat("position = \"p\", fill = \"ELECTED\"", only);
    seat(
        "position = \"p\", fill = \"LOTTERY\"",
        "group.seats.fill: \"LOTTERY\" is not one of APPOINTED, ELECTED, EX_OFFICIO",
    );
    seat("organisations = [\"a\", \"b\", \"a\"]", "group.seats.organisations: \"a\" stands twice in the list");
    seat("capacity = \"many\"", "group.seats.capacity: must be a number or \"unbounded\", not \"many\"");
    seat("capacity = 3000000000", "group.seats.capacity: is too large a number");
    seat("voting = \"yes\"", "group.seats.voting: must be true or false, not a text");
    breaks("group", "seats = [3]", "group.seats: must be a table, { … }, not a number");
    breaks("group", "[group.seats]", "group.seats: must be a list of tables, [[group.seats]], not a table");
}

#[test]
fn of_what_is_nested() {
    let sources = |fields: &str, said: &str| breaks("person", &format!("sources = [{{ {fields} }}]"), said);
    sources("quote = \"Q\"", "person.sources.document: is missing");
    sources("document = \"d\", unclear = true", "person.sources.note: is missing: an unclear source says why");
    let figures = |fields: &str| format!("figures = [{{ measure = \"MEMBERS\", {fields} }}]");
    breaks("group", &figures("value = -1"), "group.figures.value: must be at least 0");
    breaks(
        "group",
        "figures = [{ measure = \"MEMBERS\", value = 1 }, { measure = \"MEMBERS\", value = 2 }]",
        "group.figures.measure: the key \"g/members\" is already taken at a.toml:5",
    );
    let contact = |fields: &str, said: &str| breaks("person", &format!("contactPoints = [{{ {fields} }}]"), said);
    contact("value = \"x\"", "person.contactPoints.kind: is missing");
    contact("kind = \"WEB\"", "person.contactPoints.value: is missing");
    let web = "person.contactPoints.value: a web address begins with https:// or http:// and names a host";
    contact("kind = \"WEB\", value = \"regionjh.se\"", web);
}

#[test]
fn of_memberships_and_schedules() {
    let decision = "membership.decision.body: is missing: a decision says at least one of body, date and reference";
    breaks("membership", "decision = {}", decision);
    breaks("membership", "decision = \"KS\"", "membership.decision: must be a table, { … }, not a text");
    breaks(
        "membership",
        "substitutions = [{ person = \"p\", order = 0 }]",
        "membership.substitutions.order: must be at least 1",
    );
    let both = "schedule.perYear: says the same as `recurrence`: leave one of them out";
    breaks("schedule", "recurrence = \"FREQ=MONTHLY\"\nperYear = 1", both);
    for rule in ["RRULE:FREQ=DAILY", "FREQ=OFTEN", "FREQ=DAILY;", "FREQ=DAILY;BYDAY", "BYDAY=2TU"] {
        let said = format!("schedule.recurrence: {rule:?} is not a recurrence rule such as FREQ=MONTHLY;BYDAY=2TU");
        breaks("schedule", &format!("recurrence = {rule:?}"), &said);
    }
    breaks("schedule", "startTime = \"9:00\"", "schedule.startTime: a time of day is written \"09:00\"");
    let date = "schedule.except: \"2019-02-29\" is not a date of the form YYYY-MM-DD between 1900 and 2199";
    breaks("schedule", "except = [\"2019-02-29\"]", date);
}

#[test]
fn of_times() {
    let starts = |text: &str, said: &str| {
        let sitting = format!("key = \"m\"\nsittings = [{{ starts = {text:?}, groups = [\"g\"] }}]");
        breaks("meeting", &sitting, &format!("meeting.sittings.starts: {text:?} is not a time{said}"));
    };
    starts("2019", ", a day or a month (2020-02-14T09:00, 2020-02-14, 2020-02)");
    starts("2019-02-30", ", a day or a month (2020-02-14T09:00, 2020-02-14, 2020-02)");
    starts("2019-02-14T09:00:00", ", \"2020-02-14T09:00\"");
    breaks("meeting", "key = \"m\"", "meeting.sittings: is missing");
    breaks(
        "membership",
        "from = \"2019\"\nuntil = \"2019-01-01\"",
        "membership.until: the period ends before it begins",
    );
    breaks("membership", "from = 2019", "membership.from: must be a text in quotes, not a number");
}

#[test]
fn of_keys() {
    let group = "[[group]]\nkey = \"g\"\nname = \"G\"\nkind = \"COUNCIL\"\n";
    // Not once more for the slug, which follows from the key.
    assert_eq!(problems(&group.repeat(2)), ["a.toml:6: group.key: the key \"g\" is already taken at a.toml:2"]);
    breaks("position", "organisation = \"o\"\ntitle = \"§\"", "position.title: gives no key: give one in `key`");
    breaks(
        "position",
        "title = \"Chef\"",
        "position.organisation: is missing: give it, or `organisations` for the same post in each of several",
    );
    for key in ["", "/", "a/", "/a", "a//b", "A", "a b", "å", "a_b"] {
        assert_eq!(problems(&format!("[[tenure]]\nkey = {key:?}\nposition = \"p\"\nperson = \"p\"")).len(), 1, "{key}");
    }
}

#[test]
fn of_files() {
    let files = [("z.toml", "[[tenure]]"), ("a.toml", "\n[[tenur]]"), ("m.toml", "[tenure]")];
    assert_eq!(
        read_all(&files).unwrap_err(),
        [
            "z.toml:1: tenure.position: is missing",
            "z.toml:1: tenure.person: is missing",
            "a.toml:2: tenur: unknown noun; did you mean `tenure`?",
            "m.toml:1: tenure: must be a list of tables, [[tenure]], not a table",
        ]
    );
}
