//! Loading documents: twice is as once, a change changes just that, and what is broken changes nothing.

mod refused;
mod trail;

use samverkan::db::Sql;
use samverkan::{demo, domain};

use crate::paging::world::world;
use crate::support::{TestApp, all};
use trail::{changes, last_changes};

const NOTHING: &str = "Everything was there already; nothing was changed.";

/// A small directory: two organisations, a group with two seats, two people who follow each other, a meeting.
const BASE: &str = r#"
[[document]]
key = "d"
title = "Dokument"
[[organisation]]
key = "o"
kind = "MUNICIPALITY"
name = "Ort"
figures = [{ measure = "MEMBERS", value = 5, from = "2020", lastDay = "2020", sources = [{ document = "d", quote = "fem" }] }]
[[person]]
key = "ann"
givenName = "Ann"
familyName = "Ek"
contactPoints = [{ kind = "EMAIL", value = "ann@example.org" }]
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Ask"
[[position]]
title = "chef"
organisation = "o"
[[tenure]]
position = "o/chef"
person = "ann"
from = "2019-01-01"
until = "2021-01-01"
[[tenure]]
position = "o/chef"
person = "bo"
from = "2021-01-01"
[[group]]
key = "g"
name = "Grupp"
kind = "NETWORK"
relations = [{ kind = "SERVES", organisation = "o", sources = [{ document = "d" }] }]
[[group.seats]]
key = "chef"
role = "MEMBER"
fill = "EX_OFFICIO"
position = "o/chef"
[[group.seats]]
key = "vald"
role = "CHAIR"
[[membership]]
key = "g/ann"
seat = "g/vald"
person = "ann"
from = "2019-01-01"
until = "2021-02-01"
substitutions = [{ person = "bo", sources = [{ document = "d" }] }]
[[membership]]
key = "g/bo"
seat = "g/vald"
person = "bo"
from = "2021-02-01"
replaces = "g/ann"
[[meeting]]
key = "m"
state = "HELD"
sittings = [
  { starts = "2020-03-02T09:00", ends = "2020-03-02T10:00", groups = ["g"], place = "Salen" },
  { starts = "2020-03-02T10:00", ends = "2020-03-02T11:00", groups = ["g"] },
]
attendance = [{ person = "ann", mode = "REMOTE" }]
"#;

/// The small directory, and then the same with something said otherwise; what the second loading reported.
async fn changed(was: &str, is: &str) -> (TestApp, String) {
    assert!(BASE.contains(was), "{was}");
    let app = TestApp::of(BASE).await;
    match app.load(&BASE.replace(was, is)).await {
        Ok(report) => (app, report),
        Err(problems) => panic!("{was} → {is}\n{}", problems.join("\n")),
    }
}

async fn load_demo(app: &TestApp) -> String {
    let files = demo::FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    domain::load::files(&app.app, files).await.expect("the demonstration").to_string()
}

#[tokio::test]
async fn loading_again_changes_nothing() {
    let document = world(&[1, 2, 3]);
    let app = TestApp::of(&document).await;
    let before = changes(&app).await;
    assert_eq!(app.load(&document).await.as_deref(), Ok(NOTHING));
    assert_eq!(changes(&app).await, before);
}

#[tokio::test]
async fn the_demonstration_can_be_loaded_again() {
    let app = TestApp::empty().await;
    let first = load_demo(&app).await;
    assert!(first.starts_with("               created  changed  unchanged\n"), "{first}");
    let before = changes(&app).await;
    assert_eq!(load_demo(&app).await, NOTHING);
    assert_eq!(changes(&app).await, before);
}

#[tokio::test]
async fn a_record_that_is_missing_from_a_later_file_stays() {
    let app = TestApp::of(BASE).await;
    let later = "[[organisation]]\nkey = \"p\"\nkind = \"OTHER\"\nname = \"Plats\"\nparent = \"o\"\n";
    let report = app.load(later).await.expect("one more");
    assert_eq!(report, "               created  changed  unchanged\norganisation         1        0          0");
    let answer = app.public().ask("{ groups { totalCount } organisations { nodes { name parent { name } } } }").await;
    assert_eq!(answer["groups"]["totalCount"], 1);
    assert_eq!(all(&answer, "organisations.nodes.*.name"), ["Ort", "Plats"]);
}

#[tokio::test]
async fn a_changed_field_changes_just_its_row() {
    for (was, is, verb, table, columns) in [
        ("name = \"Grupp\"", "name = \"Gruppen\"", "updateGroup", "group", "name search_key sort_key version"),
        (
            "familyName = \"Ask\"",
            "familyName = \"Alm\"",
            "updatePerson",
            "person",
            "family_name search_key sort_key version",
        ),
        ("kind = \"MUNICIPALITY\"", "kind = \"REGION\"", "updateOrganisation", "organisation", "kind version"),
        ("name = \"Ort\"", "name = \"Orten\"", "updateOrganisation", "organisation_name", "name search_key sort_key"),
        ("ann@example.org", "ek@example.org", "updateContactPoint", "contact_point", "value version"),
        ("value = 5", "value = 6", "changeFigure", "figure", "value version"),
        ("role = \"CHAIR\"", "role = \"CHAIR\"\ncapacity = 2", "updateSeat", "seat", "capacity version"),
        (
            "replaces = \"g/ann\"",
            "endReason = \"Flytt\"\nreplaces = \"g/ann\"",
            "changeMembership",
            "membership",
            "end_reason version",
        ),
        ("state = \"HELD\"", "state = \"CANCELLED\"", "updateMeeting", "meeting", "state version"),
        ("place = \"Salen\"", "place = \"Torget\"", "updateMeeting", "sitting", "place"),
        ("mode = \"REMOTE\"", "mode = \"IN_ROOM\"", "updateMeeting", "attendance", "mode"),
        ("title = \"Dokument\"", "title = \"Skrift\"", "updateDocument", "document", "title version"),
        ("quote = \"fem\"", "quote = \"cirka fem\"", "changeFigure", "source", "quote"),
    ] {
        let (app, report) = changed(was, is).await;
        assert_ne!(report, NOTHING, "{was} → {is}");
        let last = last_changes(&app, 1).await;
        assert_eq!(last[0].verb, verb, "{was} → {is}");
        assert_eq!((last[0].table.as_str(), last[0].columns()), (table, columns.to_owned()), "{was} → {is}");
        assert_eq!(last[0].before, changes(&TestApp::of(BASE).await).await, "{was} → {is}: one entry more");
    }
}

#[tokio::test]
async fn whatever_changes_a_thing_counts_in_its_version() {
    for (was, is, query, path) in [
        (
            "name = \"Ort\"",
            "name = \"Orten\"",
            "{ organisations { nodes { version } } }",
            "organisations.nodes.*.version",
        ),
        (
            "place = \"Salen\"",
            "place = \"Torget\"",
            "{ groups { nodes { meetings { nodes { version } } } } }",
            "groups.nodes.*.meetings.nodes.*.version",
        ),
    ] {
        let (app, _) = changed(was, is).await;
        assert_eq!(all(&app.public().ask(query).await, path), ["2"], "{was} → {is}");
    }
}

#[tokio::test]
async fn what_is_taken_out_of_a_record_goes() {
    for (gone, table, verb) in [
        ("contactPoints = [{ kind = \"EMAIL\", value = \"ann@example.org\" }]", "contact_point", "removeContactPoint"),
        (
            "figures = [{ measure = \"MEMBERS\", value = 5, from = \"2020\", lastDay = \"2020\", sources = [{ document = \"d\", quote = \"fem\" }] }]",
            "figure",
            "removeFigure",
        ),
        (
            "relations = [{ kind = \"SERVES\", organisation = \"o\", sources = [{ document = \"d\" }] }]",
            "group_relation",
            "relateGroups",
        ),
        (
            "substitutions = [{ person = \"bo\", sources = [{ document = \"d\" }] }]",
            "substitution",
            "removeSubstitution",
        ),
        ("attendance = [{ person = \"ann\", mode = \"REMOTE\" }]", "attendance", "updateMeeting"),
        (
            "  { starts = \"2020-03-02T10:00\", ends = \"2020-03-02T11:00\", groups = [\"g\"] },\n",
            "sitting",
            "updateMeeting",
        ),
        (", sources = [{ document = \"d\", quote = \"fem\" }]", "source", "changeFigure"),
    ] {
        let (app, report) = changed(gone, "").await;
        assert_ne!(report, NOTHING, "{gone}");
        let removed = last_changes(&app, 1).await.into_iter().find(|row| row.table == table).expect(gone);
        assert_eq!((removed.verb.as_str(), removed.now, removed.was.is_some()), (verb, None, true), "{gone}");
        let orphans = Sql::text(format!("SELECT count(*) FROM source WHERE subject_id NOT IN ({})", subjects()));
        let rows = app.app.db.query(orphans).await.expect("sources");
        assert_eq!(rows[0].try_get_by_index::<i64>(0), Ok(0), "{gone}: its sources go with it");
    }
}

fn subjects() -> String {
    let tables = [
        "organisation",
        "person",
        "position",
        "tenure",
        "\"group\"",
        "group_relation",
        "seat",
        "membership",
        "substitution",
        "schedule",
        "meeting",
        "figure",
    ];
    tables.map(|table| format!("SELECT id FROM {table}")).join(" UNION ALL ")
}

const SUBSTITUTE: &str = "\nsubstitutions = [{ person = \"bo\", sources = [{ document = \"d\" }] }]";

/// A directory, and then the same with texts replaced; whether that was refused, and why.
async fn moved(base: &str, replacements: &[(&str, &str)]) -> Result<String, Vec<String>> {
    let moved = replacements.iter().fold(base.to_owned(), |text, (was, is)| {
        assert!(text.contains(was), "{was}");
        text.replace(was, is)
    });
    TestApp::of(base).await.load(&moved).await
}

#[tokio::test]
async fn a_member_who_has_a_substitute_can_leave_earlier() {
    let moved = moved(BASE, &[("until = \"2021-02-01\"", "until = \"2020-02-01\"")]).await;
    assert!(moved.is_ok(), "{moved:?}");
}

#[tokio::test]
async fn a_handover_between_members_can_be_moved() {
    for day in ["2020-02-01", "2022-02-01"] {
        let moved = moved(&BASE.replace(SUBSTITUTE, ""), &[("2021-02-01", day)]).await;
        assert!(moved.is_ok(), "to {day}: {moved:?}");
    }
}

#[tokio::test]
async fn a_handover_between_holders_of_a_position_can_be_moved() {
    for day in ["2020-01-01", "2022-01-01"] {
        let moved = moved(BASE, &[("2021-01-01", day)]).await;
        assert!(moved.is_ok(), "to {day}: {moved:?}");
    }
}

#[tokio::test]
async fn a_meeting_of_several_sittings_can_be_moved_by_an_hour() {
    let later = [("T11:00", "T12:00"), ("T10:00", "T11:00"), ("T09:00", "T10:00")];
    let earlier = [("T09:00", "T08:00"), ("T10:00", "T09:00"), ("T11:00", "T10:00")];
    for hours in [later, earlier] {
        let moved = moved(BASE, &hours).await;
        assert!(moved.is_ok(), "{hours:?}: {moved:?}");
    }
}

#[tokio::test]
async fn the_days_of_all_names_of_an_organisation_can_be_moved() {
    let names = |first: u32, second: u32| {
        format!(
            "[[organisation]]\nkey = \"n\"\nkind = \"OTHER\"\nnames = [{{ name = \"A\", until = \"{first}\" }},
             {{ name = \"B\", from = \"{first}\", until = \"{second}\" }}, {{ name = \"C\", from = \"{second}\" }}]\n"
        )
    };
    for (first, second) in [(2000, 2010), (2020, 2030)] {
        let app = TestApp::of(&names(2010, 2020)).await;
        let moved = app.load(&names(first, second)).await;
        assert!(moved.is_ok(), "to {first} and {second}: {moved:?}");
    }
}
