//! What is asked: GraphQL or a file of the server, SQL of the floor.

use clap::ValueEnum;
use sea_orm::DbBackend;
use serde::Serialize;

/// A question that pages of the directory ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[value(rename_all = "verbatim")]
pub enum Workload {
    /// A group with its first 20 members.
    W1,
    /// A page of 50 groups, each with its first 5 members and its next meeting.
    W2,
    /// 20 people by the beginning of a family name, with memberships.
    W3,
    /// A person's page: positions, memberships, and what comes in each group.
    W4,
    /// Search.
    W5,
    /// The 400th page of 50 people by name.
    W6,
    /// A member is added, for good.
    W7,
    /// A year's calendar of a person in many groups, by its secret address.
    W8,
    /// An agreement's page: who is party to it, what it asks of whom, and what belongs under it.
    W9,
    /// 20 projects that a fund pays in a year, with where they are run and what they reach.
    W10,
}

impl Workload {
    /// What it is called in the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::W1 => "W1 a group",
            Self::W2 => "W2 a page of 50 groups",
            Self::W3 => "W3 people by family name",
            Self::W4 => "W4 a person's page",
            Self::W5 => "W5 search",
            Self::W6 => "W6 the 400th page of people",
            Self::W7 => "W7 addMember, durable",
            Self::W8 => "W8 a year's calendar",
            Self::W9 => "W9 an agreement's page",
            Self::W10 => "W10 a list of projects",
        }
    }

    /// Where the floor answers it.
    pub fn path(self) -> String {
        format!("/{self:?}")
    }

    /// Whether it changes the database, so that nothing can be asked twice.
    pub fn writes(self) -> bool {
        self == Self::W7
    }

    /// Whether the server is asked for a file, by its path.
    pub fn is_file(self) -> bool {
        self == Self::W8
    }

    /// What the server is asked; of a file, how there comes to be one.
    pub fn query(self) -> &'static str {
        match self {
            Self::W1 => {
                "query($slug: String!) { group(by: {slug: $slug}) { name members(first: 20) { nodes {
                 role person { name contactPoints { kind value } } onBehalfOf { name } } } } }"
            }
            Self::W2 => {
                "query($after: String) { groups(first: 50, after: $after) { nodes { name slug
                 members(first: 5) { nodes { person { name } onBehalfOf { name } } } nextMeeting { startsAt place } } } }"
            }
            Self::W3 => {
                "query($start: String!) { people(filter: {familyNameStartsWith: $start}, first: 20) { nodes { name
                 memberships(first: 10) { nodes { role group { name } period { from until } } } } } }"
            }
            Self::W4 => {
                "query($id: ID!, $days: DateRange!) { person(id: $id) { name
                 tenures { position { title organisation { name } } period { from until } }
                 memberships(first: 50) { nodes { role period { from until } group { name slug
                 meetings(between: $days, first: 10) { nodes { startsAt place } } } } } } }"
            }
            Self::W5 => {
                "query($text: String!) { search(text: $text, first: 20) { nodes { __typename ... on Organisation { name }
                 ... on Group { name } ... on Person { name } ... on Position { title } ... on Agreement { name }
                 ... on Project { name } ... on Event { name } ... on Priority { name } ... on FollowUpItem { name }
                 ... on Activity { name } ... on Result { name } } } }"
            }
            Self::W6 => "query($after: String!) { people(first: 50, after: $after) { nodes { name } } }",
            Self::W7 => {
                "mutation($input: AddMemberInput!) { addMember(input: $input) { membership { id }
                 errors { ... on UserError { code } } } }"
            }
            Self::W8 => {
                "mutation($input: CreateCalendarInput!) { createCalendar(input: $input) { calendar { url }
                 errors { ... on UserError { code } } } }"
            }
            Self::W9 => {
                "query($reference: String!) { agreement(by: {reference: $reference}) { name references owner { name }
                 parties { organisation { name } notice { from until } }
                 assignments(first: 20) { nodes { name owner { __typename ... on Group { name } ... on Organisation { name } } } }
                 children(first: 20) { nodes { name } } } }"
            }
            Self::W10 => {
                "query($fund: Fund!, $year: Int!) { projects(filter: {funds: [$fund], year: $year}, first: 20) { nodes { name
                 owner { name } municipalities { name } indicators { name target outcome women men } } } }"
            }
        }
    }

    /// What the floor asks the database, if one statement does it: SQLite cannot write into three tables by one.
    pub fn sql(self, backend: DbBackend) -> Option<&'static str> {
        macro_rules! both {
            ($file:literal) => {
                match backend {
                    DbBackend::Postgres => include_str!(concat!("floor/postgres/", $file)),
                    _ => include_str!(concat!("floor/sqlite/", $file)),
                }
            };
        }
        Some(match self {
            Self::W1 => both!("w1.sql"),
            Self::W2 => both!("w2.sql"),
            Self::W3 => both!("w3.sql"),
            Self::W4 => both!("w4.sql"),
            Self::W5 => both!("w5.sql"),
            Self::W6 => both!("w6.sql"),
            Self::W7 if backend == DbBackend::Postgres => include_str!("floor/postgres/w7.sql"),
            Self::W7 => return None,
            Self::W8 => both!("w8.sql"),
            Self::W9 => both!("w9.sql"),
            Self::W10 => both!("w10.sql"),
        })
    }
}
