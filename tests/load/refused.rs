//! Documents with something wrong in them: nothing is loaded, and everything that is wrong is said.

use super::{BASE, changes};
use crate::support::TestApp;

/// What is wrong with a document, which must be refused and change nothing.
async fn refused(documents: &str) -> Vec<String> {
    let app = TestApp::of(BASE).await;
    let before = changes(&app).await;
    let problems = app.load(documents).await.expect_err(documents);
    assert_eq!(changes(&app).await, before, "{documents}");
    let answer = app.public().ask("{ groups { totalCount } organisations { totalCount } }").await;
    assert_eq!(answer.to_string(), r#"{"groups":{"totalCount":1},"organisations":{"totalCount":1}}"#);
    problems
}

const UNKNOWN: &str = r#"
[[organisation]]
key = "p"
kind = "UNIT"
name = "Plats"
parent = "nowhere"
sources = [{ document = "unwritten" }]
[[group]]
key = "h"
name = "Hop"
kind = "NETWORK"
convener = "p"
parent = "nothing"
relations = [{ kind = "SERVES", group = "none" }]
[[group.seats]]
key = "s"
role = "MEMBER"
organisation = "absent"
[[membership]]
seat = "h/s"
person = "nobody"
[[meeting]]
key = "n"
sittings = [{ starts = "2020-01", groups = ["g", "ghosts"] }]
"#;

#[tokio::test]
async fn whatever_refers_to_nothing_is_named_with_its_line() {
    assert_eq!(
        refused(UNKNOWN).await,
        [
            "test.toml:6: organisation.parent: there is no organisation \"nowhere\"",
            "test.toml:7: organisation.sources.document: there is no document \"unwritten\"",
            "test.toml:13: group.parent: there is no group \"nothing\"",
            "test.toml:14: group.relations.group: there is no group \"none\"",
            "test.toml:18: group.seats.organisation: there is no organisation \"absent\"",
            "test.toml:21: membership.person: there is no person \"nobody\"",
            "test.toml:24: meeting.sittings.groups: there is no group \"ghosts\"",
        ]
    );
}

const BROKEN_RULES: &str = r#"
[[organisation]]
key = "p"
kind = "OTHER"
name = "Plats"
slug = "o"
[[organisation]]
key = "under-p"
kind = "UNIT"
name = "Under"
parent = "p"
[[person]]
key = "cy"
givenName = "Cy"
familyName = "Al"
[[group]]
key = "h"
name = "Hop"
kind = "NETWORK"
convener = "under-p"
[[membership]]
seat = "g/vald"
person = "cy"
from = "2022-01-01"
[[tenure]]
position = "o/chef"
person = "cy"
from = "2022-01-01"
[[membership]]
key = "twice"
seat = "g/vald"
person = "bo"
from = "2030-01-01"
[[meeting]]
key = "n"
sittings = [{ starts = "2020-03-02T09:30", ends = "2020-03-02T09:40", groups = ["g"] }]
"#;

#[tokio::test]
async fn each_rule_that_is_broken_is_named_once() {
    assert_eq!(
        refused(BROKEN_RULES).await,
        [
            "test.toml:2: organisation: the slug is taken",
            "test.toml:25: tenure: somebody else holds the position during that time",
            "test.toml:21: membership: on some day the seat would have more members than its capacity",
            "test.toml:29: membership: the person already sits on this seat during that time",
            "test.toml:34: meeting: the group already has a sitting at that time",
        ]
    );
}

/// What hangs on a record that is refused: an organisation whose slug is taken.
#[tokio::test]
async fn what_hangs_on_a_refused_record_is_not_complained_of_as_well() {
    let broken = "[[organisation]]\nkey = \"p\"\nkind = \"OTHER\"\nname = \"Plats\"\nslug = \"o\"\n";
    for dependent in [
        "[[group]]\nkey = \"h\"\nname = \"Hop\"\nkind = \"FORUM\"\nrelations = [{ kind = \"SERVES\", organisation = \"p\" }]\n",
        "[[group]]\nkey = \"h\"\nname = \"Hop\"\nkind = \"FORUM\"\n[[group.seats]]\nkey = \"s\"\nrole = \"CHAIR\"\nappointer = \"p\"\n",
        "[[group]]\nkey = \"h\"\nname = \"Hop\"\nkind = \"FORUM\"\nconvener = \"p\"\n[[schedule]]\nkey = \"s\"\ngroups = [\"h\"]\n",
        "[[position]]\ntitle = \"vd\"\norganisation = \"p\"\n[[tenure]]\nposition = \"p/vd\"\nperson = \"bo\"\n",
        "[[membership]]\nseat = \"g/chef\"\nperson = \"bo\"\nonBehalfOf = \"p\"\n",
        "[[organisation]]\nkey = \"q\"\nkind = \"UNIT\"\nname = \"Q\"\nparent = \"p\"\n[[position]]\ntitle = \"vd\"\norganisation = \"q\"\n",
    ] {
        let problems = refused(&format!("{broken}{dependent}")).await;
        assert_eq!(problems, ["test.toml:1: organisation: the slug is taken"], "{dependent}");
    }
}

#[tokio::test]
async fn what_hangs_on_a_refused_meeting_or_membership_is_not_complained_of_as_well() {
    for (broken, complaint, dependent) in [
        (
            "[[meeting]]\nkey = \"n\"\nsittings = [{ starts = \"2020-03-02T09:30\", ends = \"2020-03-02T09:40\", groups = [\"g\"] }]\n",
            "meeting: the group already has a sitting at that time",
            "[[membership]]\nkey = \"g/bo\"\nseat = \"g/vald\"\nperson = \"bo\"\nfrom = \"2021-02-01\"\nreplaces = \"g/ann\"\nsubstitutions = [{ person = \"ann\", meeting = \"n\" }]\n",
        ),
        (
            "[[membership]]\nkey = \"more\"\nseat = \"g/vald\"\nperson = \"ann\"\nfrom = \"2025\"\n",
            "membership: on some day the seat would have more members than its capacity",
            "[[meeting]]\nkey = \"n\"\nsittings = [{ starts = \"2025-01\", groups = [\"g\"] }]\nattendance = [{ person = \"bo\", mode = \"REMOTE\", membership = \"more\" }]\n",
        ),
    ] {
        assert_eq!(
            refused(&format!("{broken}{dependent}")).await,
            [format!("test.toml:1: {complaint}")],
            "{dependent}"
        );
    }
}

#[tokio::test]
async fn circles_are_named_and_what_hangs_on_them_is_not() {
    let circle = r#"
[[organisation]]
key = "x"
kind = "OTHER"
name = "X"
parent = "y"
[[organisation]]
key = "y"
kind = "OTHER"
name = "Y"
parent = "x"
[[organisation]]
key = "z"
kind = "UNIT"
name = "Z"
parent = "x"
[[group]]
key = "h"
name = "Hop"
kind = "FORUM"
convener = "x"
"#;
    let message = "this record and others refer to each other in a circle";
    assert_eq!(refused(circle).await, [format!("test.toml:2: {message}"), format!("test.toml:7: {message}")]);
}

#[tokio::test]
async fn a_circle_through_what_is_there_already_is_refused() {
    for (document, complaint) in [
        (
            "[[organisation]]\nkey = \"o\"\nkind = \"OTHER\"\nname = \"Ort\"\nparent = \"o\"\n",
            "test.toml:1: this record and others refer to each other in a circle",
        ),
        (
            "[[group]]\nkey = \"g\"\nname = \"Grupp\"\nkind = \"FORUM\"\nparent = \"g\"\n",
            "test.toml:1: this record and others refer to each other in a circle",
        ),
    ] {
        assert_eq!(refused(document).await, [complaint]);
    }
    let app = TestApp::of("[[group]]\nkey = \"a\"\nname = \"A\"\nkind = \"FORUM\"\n[[group]]\nkey = \"b\"\nname = \"B\"\nkind = \"FORUM\"\nparent = \"a\"\n").await;
    let problems = app
        .load("[[group]]\nkey = \"a\"\nname = \"A\"\nkind = \"FORUM\"\nparent = \"b\"\n")
        .await
        .expect_err("a circle");
    assert_eq!(problems, ["test.toml:1: group: a group cannot lie below itself"]);
}

#[tokio::test]
async fn several_files_are_one_document() {
    let app = TestApp::empty().await;
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let group = file("b.toml", "[[group]]\nkey = \"h\"\nname = \"Hop\"\nkind = \"FORUM\"\nconvener = \"p\"\n");
    let organisation = file("a.toml", "[[organisation]]\nkey = \"p\"\nkind = \"OTHER\"\nname = \"Plats\"\n");
    let alone = samverkan::domain::load::files(&app.app, vec![group.clone()]).await.expect_err("a group alone");
    assert_eq!(alone[0].to_string(), "b.toml:5: group.convener: there is no organisation \"p\"");
    let report = samverkan::domain::load::files(&app.app, vec![group, organisation]).await.expect("both");
    assert!(!report.changed_nothing());
}

#[tokio::test]
async fn what_is_written_wrong_does_not_hide_what_is_not_there() {
    let document = r#"
[[group]]
key = "h"
name = "Hop"
kind = "HEAP"
convener = "nobody"
[[group.seats]]
key = "s"
role = "BOSS"
[[membership]]
seat = "h/s"
person = "stranger"
"#;
    let problems = refused(document).await;
    let told: Vec<&str> =
        problems.iter().map(|problem| problem.split(", COUNCIL").next().unwrap_or_default()).collect();
    assert_eq!(
        told,
        [
            "test.toml:5: group.kind: \"HEAP\" is not one of NETWORK",
            "test.toml:6: group.convener: there is no organisation \"nobody\"",
            "test.toml:9: group.seats.role: \"BOSS\" is not one of CHAIR, VICE_CHAIR, MEMBER, SUBSTITUTE, ADJUNCT, SECRETARY, CONVENER, OBSERVER, CONTACT",
            "test.toml:12: membership.person: there is no person \"stranger\"",
        ]
    );
}
