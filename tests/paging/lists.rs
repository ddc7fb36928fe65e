//! All connections of the schema, each with a query in which it has as many rows as the world has numbers.

/// A connection.
pub struct List {
    /// The type and the field.
    pub field: &'static str,
    /// What its rows are ordered by: lists with the same order take each other's cursors.
    pub order: &'static str,
    /// A query with `$arguments` for the page's arguments and `$page` for what is asked of it.
    pub query: &'static str,
    /// Where the page stands in the answer.
    pub path: &'static [&'static str],
    /// What tells one row from another.
    pub node: &'static str,
}

macro_rules! lists {
    ($($field:literal $order:literal $query:literal $($path:literal)+ => $node:literal,)+) => {
        /// All of them; those with several orders once for each.
        pub const LISTS: &[List] = &[
            $(List { field: $field, order: $order, query: $query, path: &[$($path),+], node: $node },)+
        ];
    };
}

lists! {
    "Query.groups" "group by name" "{ groups($arguments) $page }" "groups" => "id",
    "Query.groups" "group by name" "{ groups(orderBy: {field: NAME, direction: DESC}, $arguments) $page }" "groups" => "id",
    "Query.groups" "group by start" "{ groups(orderBy: {field: FROM, direction: ASC}, $arguments) $page }" "groups" => "id",
    "Query.groups" "group by start" "{ groups(orderBy: {field: FROM, direction: DESC}, $arguments) $page }" "groups" => "id",
    "Query.organisations" "organisation" "{ organisations($arguments) $page }" "organisations" => "id",
    "Query.organisations" "organisation" "{ organisations(orderBy: {direction: DESC}, $arguments) $page }" "organisations" => "id",
    "Query.people" "person" "{ people($arguments) $page }" "people" => "id",
    "Query.people" "person" "{ people(orderBy: {direction: DESC}, $arguments) $page }" "people" => "id",
    "Query.seats" "seat by group" "{ seats($arguments) $page }" "seats" => "id",
    "Query.memberships" "membership by end" "{ memberships(filter: {states: [CURRENT, PAST]}, $arguments) $page }" "memberships" => "id",
    "Query.meetings" "meeting" r#"{ meetings(between: {from: "2020-01-01", until: "2030-01-01"}, $arguments) $page }"# "meetings" => "id",
    "Query.search" "search" r#"{ search(text: "ord", $arguments) $page }"# "search" => "... on Node { id }",
    "Group.subgroups" "group by name" r#"{ group(by: {slug: "hub"}) { subgroups($arguments) $page } }"# "group" "subgroups" => "id",
    "Group.seats" "seat in group" r#"{ group(by: {slug: "hub"}) { seats($arguments) $page } }"# "group" "seats" => "id",
    "Group.members" "membership by role" r#"{ group(by: {slug: "hub"}) { members($arguments) $page } }"# "group" "members" => "id",
    "Group.organisations" "organisation" r#"{ group(by: {slug: "hub"}) { organisations($arguments) $page } }"# "group" "organisations" => "id",
    "Group.schedules" "schedule" r#"{ group(by: {slug: "hub"}) { schedules($arguments) $page } }"# "group" "schedules" => "id",
    "Group.meetings" "meeting" r#"{ group(by: {slug: "hub"}) { meetings($arguments) $page } }"# "group" "meetings" => "id",
    "Group.figures" "figure" r#"{ group(by: {slug: "hub"}) { figures($arguments) $page } }"# "group" "figures" => "id",
    "Organisation.units" "organisation" r#"{ organisation(by: {slug: "all"}) { units($arguments) $page } }"# "organisation" "units" => "id",
    "Organisation.positions" "position" r#"{ organisation(by: {slug: "all"}) { positions($arguments) $page } }"# "organisation" "positions" => "id",
    "Organisation.people" "person" r#"{ organisation(by: {slug: "all"}) { people($arguments) $page } }"# "organisation" "people" => "id",
    "Organisation.representation" "membership by group" r#"{ organisation(by: {slug: "all"}) { representation($arguments) $page } }"# "organisation" "representation" => "id",
    "Organisation.vacantSeats" "seat by group" r#"{ organisation(by: {slug: "all"}) { vacantSeats($arguments) $page } }"# "organisation" "vacantSeats" => "id",
    "Organisation.figures" "figure" r#"{ organisation(by: {slug: "all"}) { figures($arguments) $page } }"# "organisation" "figures" => "id",
    "Person.memberships" "membership by start" r#"{ person(id: "$everywhere") { memberships($arguments) $page } }"# "person" "memberships" => "id",
    "Person.meetings" "meeting" r#"{ person(id: "$everywhere") { meetings($arguments) $page } }"# "person" "meetings" => "id",
    "Position.tenures" "tenure" r#"{ search(text: "chef", types: [POSITION]) { nodes { ... on Position { tenures($arguments) $page } } } }"# "search" "nodes" "0" "tenures" => "id",
    "Position.seats" "seat by group" r#"{ search(text: "sekreterare") { nodes { ... on Position { seats($arguments) $page } } } }"# "search" "nodes" "0" "seats" => "id",
    "Seat.members" "membership by role" r#"{ group(by: {slug: "hub"}) { seats(filter: {roles: [MEMBER]}, first: 1) { nodes { members($arguments) $page } } } }"# "group" "seats" "nodes" "0" "members" => "id",
    "Organisation.meetings" "meeting" r#"{ organisation(by: {slug: "all"}) { meetings($arguments) $page } }"# "organisation" "meetings" => "id",
    "Query.agreements" "agreement" "{ agreements($arguments) $page }" "agreements" => "id",
    "Group.agreements" "agreement" r#"{ group(by: {slug: "hub"}) { agreements($arguments) $page } }"# "group" "agreements" => "id",
    "Organisation.agreements" "agreement" r#"{ organisation(by: {slug: "all"}) { agreements($arguments) $page } }"# "organisation" "agreements" => "id",
    "Agreement.children" "agreement" r#"{ agreement(by: {reference: "RUN/1/2010"}) { children($arguments) $page } }"# "agreement" "children" => "id",
    "Agreement.assignments" "assignment" r#"{ agreement(by: {reference: "RUN/1/2010"}) { assignments($arguments) $page } }"# "agreement" "assignments" => "id",
    "Group.priorities" "priority" r#"{ group(by: {slug: "hub"}) { priorities($arguments) $page } }"# "group" "priorities" => "id",
    "Organisation.priorities" "priority" r#"{ organisation(by: {slug: "all"}) { priorities($arguments) $page } }"# "organisation" "priorities" => "id",
    "Assignment.priorities" "priority" r#"{ agreement(by: {reference: "RUN/2/2010"}) { assignments { nodes { priorities($arguments) $page } } } }"# "agreement" "assignments" "nodes" "0" "priorities" => "id",
    "Group.followUps" "follow_up_item" r#"{ group(by: {slug: "hub"}) { followUps($arguments) $page } }"# "group" "followUps" => "id",
    "Organisation.followUps" "follow_up_item" r#"{ organisation(by: {slug: "all"}) { followUps($arguments) $page } }"# "organisation" "followUps" => "id",
    "Assignment.followUps" "follow_up_item" r#"{ agreement(by: {reference: "RUN/2/2010"}) { assignments { nodes { followUps($arguments) $page } } } }"# "agreement" "assignments" "nodes" "0" "followUps" => "id",
    "Group.activities" "activity" r#"{ group(by: {slug: "hub"}) { activities($arguments) $page } }"# "group" "activities" => "id",
    "Organisation.activities" "activity" r#"{ organisation(by: {slug: "all"}) { activities($arguments) $page } }"# "organisation" "activities" => "id",
    "Assignment.activities" "activity" r#"{ agreement(by: {reference: "RUN/2/2010"}) { assignments { nodes { activities($arguments) $page } } } }"# "agreement" "assignments" "nodes" "0" "activities" => "id",
    "Group.results" "result" r#"{ group(by: {slug: "hub"}) { results($arguments) $page } }"# "group" "results" => "id",
    "Organisation.results" "result" r#"{ organisation(by: {slug: "all"}) { results($arguments) $page } }"# "organisation" "results" => "id",
    "Assignment.results" "result" r#"{ agreement(by: {reference: "RUN/2/2010"}) { assignments { nodes { results($arguments) $page } } } }"# "agreement" "assignments" "nodes" "0" "results" => "id",
    "Group.events" "event" r#"{ group(by: {slug: "hub"}) { events($arguments) $page } }"# "group" "events" => "id",
    "Organisation.events" "event" r#"{ organisation(by: {slug: "all"}) { events($arguments) $page } }"# "organisation" "events" => "id",
    "Assignment.events" "event" r#"{ agreement(by: {reference: "RUN/2/2010"}) { assignments { nodes { events($arguments) $page } } } }"# "agreement" "assignments" "nodes" "0" "events" => "id",
    "Assignment.projects" "project" r#"{ agreement(by: {reference: "RUN/2/2010"}) { assignments { nodes { projects($arguments) $page } } } }"# "agreement" "assignments" "nodes" "0" "projects" => "id",
    "Organisation.projects" "project" r#"{ organisation(by: {slug: "all"}) { projects($arguments) $page } }"# "organisation" "projects" => "id",
    "Person.projects" "project" r#"{ person(id: "$everywhere") { projects($arguments) $page } }"# "person" "projects" => "id",
    "Query.projects" "project" "{ projects($arguments) $page }" "projects" => "id",
    "Query.events" "event" "{ events($arguments) $page }" "events" => "id",
    "Query.documents" "document" "{ documents($arguments) $page }" "documents" => "id",
    "Project.figures" "figure" r#"{ search(text: "figur", types: [PROJECT]) { nodes { ... on Project { figures($arguments) $page } } } }"# "search" "nodes" "0" "figures" => "id",
    "Event.figures" "figure" r#"{ search(text: "figur", types: [EVENT]) { nodes { ... on Event { figures($arguments) $page } } } }"# "search" "nodes" "0" "figures" => "id",
    "Activity.figures" "figure" r#"{ search(text: "figur", types: [ACTIVITY]) { nodes { ... on Activity { figures($arguments) $page } } } }"# "search" "nodes" "0" "figures" => "id",
    "Result.figures" "figure" r#"{ search(text: "figur", types: [RESULT]) { nodes { ... on Result { figures($arguments) $page } } } }"# "search" "nodes" "0" "figures" => "id",
    "Meeting.expected" "expected" r#"{ meetings(between: {from: "2025-01-01", until: "2026-01-01"}, first: 1) { nodes { expected($arguments) $page } } }"# "meetings" "nodes" "0" "expected" => "membership { id }",
    "Meeting.attendance" "attendance" r#"{ meetings(between: {from: "2024-05-02", until: "2024-05-03"}) { nodes { attendance($arguments) $page } } }"# "meetings" "nodes" "0" "attendance" => "person { id }",
}
