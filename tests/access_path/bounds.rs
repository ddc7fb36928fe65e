//! How much may be read for what is asked, and the lists that may read more, each with its reason.

use super::explain::Cost;

/// Rows read for each that is asked for: its joined rows, what says that the asker sees it, the entries of indexes on the way to it.
const MULTIPLE: u64 = 20;
/// Rows read whatever is asked for: what small tables hold, the places of the asker, pages of a tree.
const CONSTANT: u64 = 2_500;

/// Lists of which a statement may read more, by the beginning of what the question is called.
const EXCEPTIONS: &[Exception] = &[
    Exception {
        question: "Query.search(",
        most: 100_000,
        why: "All that contain the text are found by trigrams, and then ordered by how well they fit: it is as many rows as there are hits.",
    },
    Exception { question: "W5", most: 100_000, why: "It is the same search." },
    Exception { question: "Query.people(filter: {text", most: 80_000, why: "All hits are ordered by name." },
    Exception { question: "Query.events(filter: {text", most: 30_000, why: "All hits are ordered by time." },
    Exception { question: "Query.groups(filter: {text", most: 20_000, why: "All hits are ordered by name." },
    Exception {
        question: "Query.organisations(",
        most: 8_000,
        why: "There are three thousand. Of so few PostgreSQL rather reads all, with their names.",
    },
    Exception {
        question: "Query.memberships(filter: {roles",
        most: 8_000,
        why: "Of a role that one seat in thirty has, so many others are met in the order of the list until a page is full.",
    },
    Exception {
        question: "Query.seats(filter: {states: [FUTURE",
        most: 350_000,
        why: "An index of when seats begin would also be taken where it finds nearly all of them, which is asked far oftener.",
    },
    Exception {
        question: "Query.meetings(between: {from: \"2026-11-21\", until: \"2027-02-21\"}, filter: {joint",
        most: 10_000,
        why: "Few meetings are joint: they are looked for among those of the days.",
    },
    Exception {
        question: "Query.meetings(between: {from: \"2026-11-21\", until: \"2027-02-21\"}, filter: {organisation",
        most: 8_000,
        why: "They are found by the seats of the organisation, all of those days, and then ordered.",
    },
    Exception {
        question: "/organisations/",
        most: 250_000,
        why: "The calendar of a large organisation holds thousands of sittings. To name their groups, PostgreSQL rather reads all groups.",
    },
    Exception {
        question: "Query.commonTimes(",
        most: 60_000,
        why: "Whatever the members of the groups are to do on the days is looked at, and of groups that only some see PostgreSQL rather reads all.",
    },
    Exception {
        question: "Meetings.doubleBookings(",
        most: 80_000,
        why: "Of each member of each meeting, all sittings of all their groups of a month are looked at.",
    },
    Exception { question: "Meeting.doubleBookings(", most: 20_000, why: "The same, of one." },
    Exception {
        question: "Query.changes(filter: {",
        most: 30_000,
        why: "The trail is in the order of its entries, and those that fit are looked for along it. A generated one has one actor, and \
            PostgreSQL takes whoever is asked for to be that one.",
    },
    Exception {
        question: "Organisations.vacantSeats(",
        most: 20_000,
        why: "Vacant are those on which too few people sit: they are counted on each seat of the organisation.",
    },
];

/// A list that may read more.
pub struct Exception {
    question: &'static str,
    /// Rows that may be read.
    most: u64,
    #[expect(dead_code, reason = "it is for whoever reads this")]
    why: &'static str,
}

/// Why the database did too much for a question, if it did.
pub fn too_much(question: &str, cost: &Cost, asked: u64) -> Option<String> {
    let exception = EXCEPTIONS.iter().find(|exception| question.starts_with(exception.question));
    let most = exception.map_or(MULTIPLE * asked + CONSTANT, |exception| exception.most);
    if cost.read > most {
        return Some(format!("{} rows are read for {asked}; {most} would do", cost.read));
    }
    let whole: Vec<&str> = cost.whole.iter().map(String::as_str).collect();
    (exception.is_none() && !whole.is_empty() && cost.read >= super::explain::LARGE)
        .then(|| format!("{} is read from beginning to end", whole.join(", ")))
}

/// Exceptions that no question needs any more.
pub fn unneeded(questions: &[String]) -> Vec<&'static str> {
    let none_is = |exception: &&Exception| !questions.iter().any(|question| question.starts_with(exception.question));
    EXCEPTIONS.iter().filter(none_is).map(|exception| exception.question).collect()
}
