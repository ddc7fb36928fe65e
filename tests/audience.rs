//! Audiences: what the asker may not see does not exist, on any path.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::values::{Audience, GlobalId, Role, SubjectKind};
use sea_orm::ConnectionTrait;
use sea_orm::prelude::Uuid;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};

/// A world with what is hidden from those below a level, or parts of it: `g` groups and contact points, `p` a person.
fn world(hidden: &str, level: &str) -> String {
    let line = |line: &'static str| match line.split_once('|') {
        Some(("-", rest)) => (!hidden.contains('g')).then_some(rest),
        Some((mark @ ("g" | "p"), rest)) => hidden.contains(mark).then_some(rest),
        _ => Some(line),
    };
    let lines: Vec<&str> = include_str!("audience/world.toml").lines().filter_map(line).collect();
    lines.join("\n").replace("LEVEL", level)
}

const LEVELS: [(&str, Audience); 4] = [
    ("PUBLIC", Audience::Public),
    ("SIGNED_IN", Audience::SignedIn),
    ("COORDINATORS", Audience::Coordinators),
    ("ADMINISTRATORS", Audience::Administrators),
];

/// Somebody who sees this much of the world. What coordinators see is seen by who keeps the open group and the organisation.
async fn client(app: &TestApp, sees: Audience) -> Client {
    if sees != Audience::Coordinators {
        return app.seeing(sees);
    }
    let rights = [app.right(Role::Coordinator, "oppen").await, app.right(Role::Representative, "berg").await];
    app.signed_in("keeper", rights.to_vec())
}

/// Everything of a group.
const GROUP: &str = "fragment page on Group {
  slug parent { slug } contactPoints { value } convener { slug }
  subgroups { totalCount nodes { slug } }
  relations { kind group { slug } target { ... on Group { slug } ... on Organisation { slug } } }
  organisations { totalCount nodes { slug } }
  schedules { totalCount nodes { id groups { slug } } }
  chair { ...member } contacts { role person { name } contactPoints { value } membership { id } }
}";

const MEMBER: &str = "fragment member on Membership {
  id role person { id name contactPoints { value } memberships { totalCount nodes { id } } tenures { id } meetings { totalCount nodes { id } } } group { slug }
  seat { state } contactPoints { value } substitutions { id person { name } } replaces { id } replacedBy { id }
}";

const SEAT: &str = "fragment seat on Seat {
  id state vacantSince group { slug } contactPoints { value } members(filter: {states: [PAST, CURRENT, FUTURE]}) { totalCount nodes { id } }
}";

const MEETING: &str = "fragment meeting on Meeting {
  id startsAt endsAt groups { slug } sittings { joint groups { slug } } schedule { id groups { slug } }
  attendance { totalCount nodes { person { name } mode } }
}";

/// A way in on which something is hidden in some world: what is asked, and the fragments that it takes.
const PATHS: &[(&str, &[&str])] = &[
    (
        "{ groups { totalCount nodes { ...page } pageInfo { hasNextPage endCursor } edges { cursor } } }",
        &[GROUP, MEMBER],
    ),
    ("{ groups(first: 1) { totalCount nodes { slug } pageInfo { hasNextPage endCursor } } }", &[]),
    ("{ groups(filter: {top: true}) { totalCount nodes { slug parent { slug } } } }", &[]),
    ("{ groups(filter: {top: false}) { totalCount nodes { slug parent { slug } } } }", &[]),
    ("{ groups(orderBy: {field: FROM, direction: DESC}, asOf: \"2019-01-01\") { totalCount nodes { slug } } }", &[]),
    (
        "{ group(by: {slug: \"oppen\"}) { ...page members(filter: {states: [PAST, CURRENT]}) { totalCount nodes { ...member } } } }",
        &[GROUP, MEMBER],
    ),
    ("{ group(by: {slug: \"oppen\"}) { seats { totalCount nodes { ...seat } } } }", &[SEAT]),
    (
        "{ group(by: {slug: \"oppen\"}) { nextMeeting { id } meetings { totalCount nodes { ...meeting } } } }",
        &[MEETING],
    ),
    ("{ seats { totalCount nodes { ...seat } edges { cursor } } }", &[SEAT]),
    ("{ seats(filter: {state: VACANT}) { totalCount nodes { id } } }", &[]),
    ("{ seats(filter: {state: FILLED}) { totalCount nodes { id } } }", &[]),
    ("{ memberships { totalCount nodes { ...member } edges { cursor } } }", &[MEMBER]),
    ("{ memberships(filter: {roles: [CHAIR], states: [PAST, CURRENT]}) { totalCount nodes { id } } }", &[]),
    ("{ organisation(by: {slug: \"berg\"}) { contactPoints { value } people { totalCount nodes { name } } } }", &[]),
    (
        "{ organisation(by: {slug: \"berg\"}) { representation { totalCount nodes { ...member } } vacantSeats { totalCount nodes { ...seat } } } }",
        &[MEMBER, SEAT],
    ),
    (
        "{ organisation(by: {slug: \"berg\"}) { positions { nodes { contactPoints { value } holder { id } tenures { totalCount nodes { id } } seats { nodes { state } } } } } }",
        &[],
    ),
    (
        "{ meetings(between: {from: \"2026-01-01\", until: \"2027-01-01\"}) { totalCount nodes { ...meeting } } }",
        &[MEETING],
    ),
    (
        "{ meetings(between: {from: \"2026-01-01\", until: \"2027-01-01\"}, filter: {joint: true}) { totalCount nodes { id } } }",
        &[],
    ),
    (
        "{ meetings(between: {from: \"2026-01-01\", until: \"2027-01-01\"}, filter: {joint: false}) { totalCount nodes { id } } }",
        &[],
    ),
    ("{ search(text: \"öppna\") { totalCount nodes { ... on Group { slug } } edges { cursor } } }", &[]),
];

fn query(path: &(&str, &[&str])) -> String {
    format!("query {} {}", path.0, path.1.join(" "))
}

/// The answer on every path, to the byte.
async fn answers(client: &Client) -> Vec<String> {
    let mut answers = Vec::new();
    for path in PATHS {
        let text = client.text(&query(path), json!({})).await;
        assert!(!text.contains("\"errors\""), "{}: {text}", path.0);
        answers.push(text);
    }
    answers
}

#[tokio::test]
async fn what_is_hidden_leaves_no_trace_on_any_path_for_those_below_its_level() {
    let without = TestApp::of(&world("", "")).await;
    let mut bare = Vec::new();
    for (_, sees) in LEVELS {
        bare.push((sees, answers(&client(&without, sees).await).await));
    }
    for (level, seen_by) in &LEVELS[1..] {
        let with = TestApp::of(&world("gp", level)).await;
        for (sees, bare) in &bare {
            for ((path, answer), bare) in PATHS.iter().zip(answers(&client(&with, *sees).await).await).zip(bare) {
                let what = format!("{level} things, seen by {sees:?}: {}", path.0);
                if sees < seen_by {
                    assert_eq!(answer, *bare, "{what}");
                } else {
                    assert_ne!(answer, *bare, "{what}: nothing is hidden there, so the path proves nothing");
                }
            }
        }
    }
}

/// Who asks gets the same from both, on every path and among people.
async fn same(one: &Client, other: &Client) {
    let people = "{ people { totalCount nodes { name } } search(text: \"Dold\") { totalCount } }";
    assert_eq!(answers(one).await, answers(other).await);
    assert_eq!(one.text(people, json!({})).await, other.text(people, json!({})).await);
}

#[tokio::test]
async fn a_protected_person_exists_for_administrators_alone() {
    let without = TestApp::of(&world("", "")).await;
    let with = TestApp::of(&world("p", "PUBLIC")).await;
    let open = answers(&with.public()).await;
    let protect = "UPDATE person SET protected = TRUE WHERE family_name = 'Dold'";
    with.app.db.writer().execute_unprepared(protect).await.expect("protection");
    for sees in [Audience::Public, Audience::SignedIn, Audience::Coordinators] {
        same(&client(&with, sees).await, &client(&without, sees).await).await;
    }
    same(&with.auditor(), &without.auditor()).await;
    assert_eq!(answers(&with.administrator()).await, open);
    let loaded = with.load(&world("p", "PUBLIC")).await.expect("the same");
    assert_eq!(loaded, "Everything was there already; nothing was changed.", "loading lifts no protection");
}

#[tokio::test]
async fn a_seat_whose_only_member_is_hidden_looks_vacant() {
    let app = TestApp::of(&world("p", "SIGNED_IN")).await;
    let chair = "{ seats(filter: {roles: [CHAIR]}) { nodes { state vacantSince members { totalCount } } } }";
    let vacant = json!([{ "state": "VACANT", "vacantSince": "2020-01-01", "members": { "totalCount": 0 } }]);
    let filled = json!([{ "state": "FILLED", "vacantSince": null, "members": { "totalCount": 1 } }]);
    assert_eq!(app.public().ask(chair).await["seats"]["nodes"], vacant);
    assert_eq!(app.seeing(Audience::SignedIn).ask(chair).await["seats"]["nodes"], filled);
}

#[tokio::test]
async fn people_are_listed_and_searched_only_as_far_as_one_sees() {
    let app = TestApp::of(&world("p", "COORDINATORS")).await;
    let people = "{ people { totalCount nodes { name } } search(text: \"dold\") { totalCount nodes { ... on Person { name } } } }";
    let seen = app.representative("berg").await.ask(people).await;
    assert_eq!(all(&seen, "people.nodes.*.name"), ["Anna Alm", "Bo Berg", "Dora Dold"]);
    assert_eq!(all(&seen, "search.nodes.*.name"), ["Dora Dold"]);
    let hidden = app.seeing(Audience::SignedIn).ask(people).await;
    assert_eq!(all(&hidden, "people.nodes.*.name"), ["Anna Alm", "Bo Berg"]);
    let counts = (&hidden["people"]["totalCount"], &hidden["search"]["totalCount"]);
    assert_eq!(counts, (&json!(2), &json!(0)));
}

/// What takes an id, and of what kind when not of any.
const BY_ID: &[(Option<SubjectKind>, &str)] = &[
    (None, "node(id: $id) { __typename id }"),
    (None, "nodes(ids: [$id, $id]) { __typename }"),
    (Some(SubjectKind::Group), "group(by: {id: $id}) { slug }"),
    (Some(SubjectKind::Group), "groups(filter: {parent: $id}) { totalCount nodes { slug } }"),
    (Some(SubjectKind::Group), "seats(filter: {group: $id}) { totalCount nodes { id } }"),
    (Some(SubjectKind::Group), "memberships(filter: {group: $id}) { totalCount nodes { id } }"),
    (
        Some(SubjectKind::Group),
        "meetings(between: {from: \"2026-01-01\", until: \"2027-01-01\"}, filter: {group: $id}) { totalCount nodes { id } }",
    ),
    (Some(SubjectKind::Person), "person(id: $id) { name }"),
    (Some(SubjectKind::Person), "person(id: $id, asOf: \"2020-01-01\") { name }"),
    (Some(SubjectKind::Person), "memberships(filter: {person: $id}) { totalCount nodes { id } }"),
];

/// The ids of all that only the client sees, by kind.
async fn ids(client: &Client) -> Vec<(SubjectKind, String)> {
    let fields = "groups { nodes { id slug schedules { nodes { id } } meetings { nodes { id groups { id } } } } }
        seats { nodes { id } } memberships { nodes { id } }
        organisation(by: {slug: \"berg\"}) { people { nodes { id } } positions { nodes { tenures { nodes { id } } } } }";
    let answer = client.ask(&format!("{{ {fields} }}")).await;
    let of = |kind, path: &str| all(&answer, path).into_iter().map(move |id| (kind, id)).collect::<Vec<_>>();
    [
        of(SubjectKind::Group, "groups.nodes.*.id"),
        of(SubjectKind::Schedule, "groups.nodes.*.schedules.nodes.*.id"),
        of(SubjectKind::Meeting, "groups.nodes.*.meetings.nodes.*.id"),
        of(SubjectKind::Seat, "seats.nodes.*.id"),
        of(SubjectKind::Membership, "memberships.nodes.*.id"),
        of(SubjectKind::Person, "organisation.people.nodes.*.id"),
        of(SubjectKind::Tenure, "organisation.positions.nodes.*.tenures.nodes.*.id"),
    ]
    .concat()
}

#[tokio::test]
async fn a_hidden_id_an_unknown_one_and_no_id_at_all_are_answered_alike() {
    let app = TestApp::of(&world("gp", "SIGNED_IN")).await;
    let seen = ids(&app.public()).await;
    let mut hidden = ids(&app.seeing(Audience::SignedIn)).await;
    hidden.retain(|id| !seen.contains(id));
    let kinds: HashSet<_> = hidden.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds.len(), 7, "something of each kind is hidden: {hidden:?}");
    let mut proven = HashSet::new();
    for (kind, id) in hidden {
        let unknown = GlobalId { kind: Some(kind), id: Uuid::from_u128(1), lens: None }.to_string();
        for (_, field) in BY_ID.iter().filter(|(of, _)| of.is_none_or(|of| of == kind)) {
            let query = format!("query ($id: ID!) {{ {field} }}");
            let answer = async |id: &str| app.public().text(&query, json!({ "id": id })).await;
            let to_hidden = answer(&id).await;
            assert!(!to_hidden.contains("errors"), "{to_hidden}");
            for other in [unknown.as_str(), "inte-ett-id", ""] {
                assert_eq!(to_hidden, answer(other).await, "{kind:?} {field} {other}");
            }
            if to_hidden != app.seeing(Audience::SignedIn).text(&query, json!({ "id": id })).await {
                proven.insert((kind, *field));
            }
        }
    }
    assert_eq!(proven.len(), 2 * 7 + BY_ID.len() - 2, "on each path there is something to hide: {proven:?}");
    let by_slug = async |slug: &str| {
        app.public().text(&format!("{{ group(by: {{slug: \"{slug}\"}}) {{ id }} }}"), json!({})).await
    };
    assert_eq!(by_slug("hemlig").await, by_slug("aldrig").await);
}

const OUTSIDE: &str = r#"
[[group]]
key = "oppen"
name = "Öppna gruppen"
kind = "COUNCIL"
[[group]]
key = "hemlig"
name = "Hemliga gruppen"
kind = "COUNCIL"
audience = "SIGNED_IN"
[[meeting]]
key = "dag"
sittings = [
  { starts = "2026-12-02T10:00", ends = "2026-12-02T11:00", groups = ["oppen"], place = "Salen", digitalOffered = false },
  { starts = "2026-12-02T09:00", ends = "2026-12-02T09:30", groups = ["hemlig"], place = "Valvet", digitalOffered = true },
  { starts = "2026-12-02T11:00", ends = "2026-12-02T17:00", groups = ["hemlig"], place = "Valvet", digitalOffered = true },
]
"#;

#[tokio::test]
async fn a_day_that_hidden_groups_share_looks_as_if_they_were_not_there() {
    let with = TestApp::of(OUTSIDE).await.public();
    let alone: String = OUTSIDE.split_inclusive('\n').filter(|line| !line.contains("\"hemlig\"],")).collect();
    let without = TestApp::of(&alone).await.public();
    let fields = "startsAt endsAt place digitalOffered groups { slug } sittings { startsAt place }";
    for query in [
        format!("{{ group(by: {{slug: \"oppen\"}}) {{ meetings {{ nodes {{ {fields} }} }} }} }}"),
        format!(
            "{{ meetings(between: {{from: \"2026-12-01\", until: \"2027-01-01\"}}) {{ nodes {{ {fields} }} edges {{ cursor }} }} }}"
        ),
    ] {
        assert_eq!(with.ask(&query).await, without.ask(&query).await, "{query}");
    }
}

#[tokio::test]
async fn a_contact_point_is_seen_by_those_for_whom_it_is() {
    let points: String = LEVELS
        .iter()
        .map(|(level, _)| format!("{{ kind = \"EMAIL\", value = \"{level}@example.org\", audience = \"{level}\" }},"))
        .collect();
    let group = format!("[[group]]\nkey = \"g\"\nname = \"G\"\nkind = \"OTHER\"\ncontactPoints = [{points}]\n");
    let app = TestApp::of(&group).await;
    for (count, (level, sees)) in (1..).zip(LEVELS) {
        let client = if sees == Audience::Coordinators { app.coordinator("g").await } else { app.seeing(sees) };
        let answer = client.ask(r#"{ group(by: {slug: "g"}) { contactPoints { audience } } }"#).await;
        let seen = all(&answer, "group.contactPoints.*.audience");
        assert_eq!((seen.len(), seen.last().map(String::as_str)), (count, Some(level)));
        let value: &Value = &answer["group"]["contactPoints"][0]["audience"];
        assert_eq!(value, "PUBLIC");
    }
}

#[tokio::test]
async fn a_cursor_that_is_made_up_for_a_hidden_meeting_tells_nothing_of_it() {
    let app = TestApp::of(&world("g", "SIGNED_IN")).await;
    let meetings = "meetings(between: {from: \"2026-01-01\", until: \"2027-01-01\"}";
    let query =
        format!("query ($cursor: String) {{ {meetings}, before: $cursor) {{ edges {{ cursor node {{ id }} }} }} }}");
    let edges = app.seeing(Audience::SignedIn).ask(&format!("{{ {meetings}) {{ edges {{ cursor }} }} }}")).await;
    let hidden = all(&edges, "meetings.edges.*.cursor").pop().expect("the hidden meeting, which is the last");
    // A cursor of this list ends in a meeting's id.
    let mut unknown = URL_SAFE_NO_PAD.decode(&hidden).expect("base 64");
    unknown.pop();
    unknown.push(0);
    let answer = async |client: Client, cursor: &str| client.text(&query, json!({ "cursor": cursor })).await;
    let nothing = answer(app.public(), &URL_SAFE_NO_PAD.encode(unknown)).await;
    assert_eq!(answer(app.public(), &hidden).await, nothing);
    assert_ne!(answer(app.seeing(Audience::SignedIn), &hidden).await, nothing, "there is something to tell");
}
