//! A directory in which every list has as many rows as one likes, many of them alike in what the list is ordered by.

const SIGNS: [&str; 7] = ["ö", "å", "Ö", "z", "a", "å", "é"];
const SOURCES: &str = "sources = [{ document = \"d\", quote = \"ord\" }]";

/// A month of its own for each number.
fn month(number: usize) -> String {
    format!("{}-{:02}", 2010 + number / 12, number % 12 + 1)
}

/// A day of its own, in 2025, for each number up to 300.
fn day(number: usize) -> String {
    format!("2025-{:02}-{:02}", number / 28 + 1, number % 28 + 1)
}

/// A name that has the word "ord" in it and that others share.
fn name(number: usize) -> String {
    let sign = SIGNS[number % SIGNS.len()];
    match number % 3 {
        0 => format!("Ord {sign}"),
        1 => format!("Mitt ord {sign}"),
        _ => format!("Mittord {sign}"),
    }
}

/// The document of a directory with a row for each number in every list of `all`, `hub`, `everywhere`, `all/chef` and their like.
pub fn world(numbers: &[usize]) -> String {
    let mut text = format!("[[document]]\nkey = \"d\"\ntitle = \"Dokument\"\n{}{}", whole(numbers), hub(numbers));
    for &number in numbers {
        text += &organisation(number);
        text += &memberships(number);
        text += &meetings(number);
        text += &agreement(number);
        text += &record(number, numbers);
    }
    text + &agreed(numbers) + ASKED
}

/// An agreement under the one that has ended, which asks something of the hub.
fn agreement(number: usize) -> String {
    let sign = SIGNS[number % SIGNS.len()];
    format!(
        r#"
[[agreement]]
key = "a{number}"
name = "Avtal {sign}"
parent = "whole"
references = ["RUN/{number}/2021"]
parties = [{{ organisation = "all" }}]
assignments = [{{ key = "u", name = "Uppdrag", group = "hub" }}]
{SOURCES}
"#
    )
}

/// What has ended is on no list, and is there for what hangs on it.
const ASKED: &str = r#"
[[agreement]]
key = "asked"
name = "Det som begärs"
references = ["RUN/2/2010"]
lastDay = "2019"
assignments = [{ key = "u", name = "Uppdrag", organisation = "all" }]
"#;

/// A project, an event, and one of each of the four nouns that are kept alike, for the hub, for the whole, and under the assignment. What
/// has figures is found by the second number.
fn record(number: usize, numbers: &[usize]) -> String {
    let (sign, year) = (SIGNS[number % SIGNS.len()], 2015 + number % 3);
    let stated = if number == 2 { figures(numbers) } else { String::new() };
    let named = if number == 2 { "Figur".to_owned() } else { format!("Post {sign}") };
    let mut text = format!(
        r#"
[[project]]
key = "r{number}"
name = "{named}"
owner = "all"
contact = "everywhere"
assignment = "asked/u"
references = ["RUN/{number}/2022"]
fund = "ESF"
summary = "Att prova."
objective = "Att det går bättre."
partners = [{{ organisation = "o{number}" }}]
municipalities = ["place"]
indicators = [{{ name = "Deltagare", target = 10, outcome = 8, women = 4, men = 4 }}]
contactPoints = [{{ kind = "EMAIL", value = "r@example.org" }}]
{stated}
{SOURCES}
[[event]]
key = "e{number}"
name = "{named}"
group = "hub"
organisers = [{{ organisation = "all" }}]
assignment = "asked/u"
from = "{year}"
{stated}
{SOURCES}
"#
    );
    for noun in ["priority", "followUpItem", "activity", "result"] {
        let key = noun.to_lowercase();
        let figures = if ["activity", "result"].contains(&noun) { stated.as_str() } else { "" };
        text += &format!(
            "[[{noun}]]\nkey = \"{key}-h{number}\"\nname = \"{named}\"\ngroup = \"hub\"\nassignment = \"asked/u\"\nfrom = \"{year}\"\n{figures}\n{SOURCES}
[[{noun}]]\nkey = \"a{number}\"\nname = \"Post {sign}\"\norganisation = \"all\"\nfrom = \"{year}\"\n"
        );
    }
    if number != 2 {
        text += &format!("[[document]]\nkey = \"d{number}\"\ntitle = \"Dokument\"\n");
    }
    text
}

fn agreed(numbers: &[usize]) -> String {
    let party = |number: &usize| format!("{{ organisation = \"o{number}\", notice = \"2018\" }},");
    let parties = numbers.iter().map(party).collect::<String>();
    let assignment = |number: &usize| format!("{{ key = \"u{number}\", name = \"Uppdrag\", organisation = \"all\" }},");
    let assignments = numbers.iter().map(assignment).collect::<String>();
    format!(
        "\n[[agreement]]\nkey = \"whole\"\nname = \"Hela avtalet\"\nreferences = [\"RUN/1/2010\"]\nlastDay = \"2019\"
purpose = \"Att hålla samman.\"\nowner = \"all\"\nparties = [{parties}]\n{SOURCES}\nassignments = [{assignments}]\n"
    )
}

fn figures(numbers: &[usize]) -> String {
    let figure = |number: &usize| {
        let from = month(*number);
        format!("{{ measure = \"MEMBERS\", value = {number}, from = \"{from}\", lastDay = \"{from}\", {SOURCES} }},")
    };
    format!("figures = [{}]", numbers.iter().map(figure).collect::<String>())
}

fn whole(numbers: &[usize]) -> String {
    format!(
        r#"
[[organisation]]
key = "all"
kind = "REGION"
names = [{{ name = "Gamla", until = "2020-01-01" }}, {{ name = "Hela", from = "2020-01-01" }}]
contactPoints = [{{ kind = "WEB", value = "https://example.org" }}]
{figures}
{SOURCES}
[[organisation]]
key = "before"
kind = "REGION"
name = "Före"
lastDay = "2000-12-31"
successor = "all"
[[organisation]]
key = "place"
kind = "MUNICIPALITY"
name = "Orten"
[[position]]
title = "chef"
organisation = "all"
{SOURCES}
[[position]]
title = "sekreterare"
organisation = "all"
contactPoints = [{{ kind = "EMAIL", value = "sekreterare@example.org" }}]
[[person]]
key = "everywhere"
givenName = "Eva"
familyName = "Överallt"
contactPoints = [{{ kind = "EMAIL", value = "eva@example.org" }}]
{SOURCES}
[[tenure]]
position = "all/sekreterare"
person = "everywhere"
"#,
        figures = figures(numbers)
    )
}

fn hub_seats(number: &usize) -> String {
    format!(
        r#"
[[group.seats]]
key = "s{number}"
role = "MEMBER"
organisation = "o{number}"
{SOURCES}
[[group.seats]]
key = "x{number}"
role = "MEMBER"
fill = "EX_OFFICIO"
position = "all/sekreterare"
"#
    )
}

fn hub(numbers: &[usize]) -> String {
    format!(
        r#"
[[group]]
key = "top"
name = "Toppen"
kind = "NETWORK"
[[group]]
key = "hub"
name = "Navet"
kind = "NETWORK"
parent = "top"
convener = "all"
purpose = "Att ha allt."
relations = [{{ kind = "SERVES", organisation = "all", {SOURCES} }}, {{ kind = "SUCCEEDS", group = "top" }}]
contactPoints = [{{ kind = "PHONE", value = "063-14 66 19 vx" }}]
{figures}
{SOURCES}
[[group.seats]]
key = "chair"
role = "CHAIR"
[[group.seats]]
key = "pool"
role = "MEMBER"
organisation = "all"
capacity = "unbounded"
{seats}
[[group.seats]]
key = "contact"
role = "CONTACT"
[[membership]]
seat = "hub/chair"
person = "everywhere"
[[membership]]
seat = "hub/contact"
person = "everywhere"
[[meeting]]
key = "big"
state = "HELD"
sittings = [{{ starts = "2024-05-02T09:00", ends = "2024-05-02T10:00", groups = ["hub", "top"], place = "Salen" }}]
attendance = [{attendance}]
[[meeting]]
key = "next"
sittings = [{{ starts = "2027-05-02T09:00", ends = "2027-05-02T10:00", groups = ["hub"] }}]
"#,
        figures = figures(numbers),
        seats = numbers.iter().map(hub_seats).collect::<String>(),
        attendance = numbers.iter().map(|n| format!("{{ person = \"p{n}\", mode = \"REMOTE\" }},")).collect::<String>(),
    )
}

fn organisation(number: usize) -> String {
    let (name, from, until) = (name(number), month(number), month(number + 1));
    format!(
        r#"
[[organisation]]
key = "o{number}"
kind = "UNIT"
parent = "all"
name = "{name}"
[[person]]
key = "p{number}"
givenName = "{name}"
familyName = "Alla"
contactPoints = [{{ kind = "EMAIL", value = "p@example.org" }}]
[[position]]
key = "all/t{number}"
title = "{name}"
organisation = "all"
[[tenure]]
position = "all/t{number}"
person = "p{number}"
from = "2020-01-01"
[[tenure]]
position = "all/chef"
person = "p{number}"
from = "{from}"
until = "{until}"
[[group]]
key = "sub{number}"
name = "{name}"
kind = "WORKING_GROUP"
parent = "hub"
from = "{year}"
[[group.seats]]
key = "m"
role = "MEMBER"
organisation = "o{number}"
"#,
        year = 2000 + number % 3,
    )
}

fn memberships(number: usize) -> String {
    let (from, until) = (month(number), month(number + 1));
    format!(
        r#"
[[membership]]
seat = "sub{number}/m"
person = "everywhere"
from = "{year}"
[[membership]]
key = "hub/pool/old{number}"
seat = "hub/pool"
person = "everywhere"
from = "{from}"
until = "{until}"
[[membership]]
seat = "hub/pool"
person = "p{number}"
from = "2021"
replaces = "hub/pool/old{number}"
decision = {{ body = "Styrelsen", date = "2020-12-01" }}
contactPoints = [{{ kind = "PHONE", value = "063-14 66 19" }}]
substitutions = [{{ person = "everywhere" }}]
{SOURCES}
"#,
        year = 2010 + number % 3,
    )
}

fn meetings(number: usize) -> String {
    let (held, planned, year) = (day(number), day(number).replacen("2025", "2027", 1), 2015 + number % 3);
    format!(
        r#"
[[meeting]]
key = "held{number}"
state = "HELD"
schedule = "plan{number}"
sittings = [{{ starts = "{held}T09:00", ends = "{held}T10:00", groups = ["hub"], place = "Salen" }}]
attendance = [{{ person = "everywhere", mode = "IN_ROOM" }}]
{SOURCES}
[[meeting]]
key = "to-come{number}"
sittings = [{{ starts = "{planned}T09:00", ends = "{planned}T10:00", groups = ["sub{number}"] }}]
[[schedule]]
key = "plan{number}"
groups = ["hub"]
perYear = {number}
from = "{year}"
{SOURCES}
"#
    )
}
