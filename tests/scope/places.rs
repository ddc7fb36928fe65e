//! The demonstration, with a contact point for coordinators and one for administrators on everything that can have one: who keeps a
//! place finds those for coordinators there, on some path, and none besides on any.

use std::collections::BTreeSet;

use entity::values::{Audience, ContactPointKind, FOREVER, GlobalId, START_OF_TIME, SubjectKind};
use entity::{contact_point, group, membership, organisation, position, seat, tenure};
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};

use super::labelled;
use super::nouns;
use crate::support::{Client, TestApp};

/// All rows of a table.
macro_rules! all {
    ($app:expr, $table:ident) => {
        $table::Entity::find().all($app.app.db.writer()).await.expect("rows")
    };
}

const WITH_POINTS: [(SubjectKind, &str); 6] = [
    (SubjectKind::Organisation, "organisation"),
    (SubjectKind::Person, "person"),
    (SubjectKind::Position, "position"),
    (SubjectKind::Group, "\"group\""),
    (SubjectKind::Seat, "seat"),
    (SubjectKind::Membership, "membership"),
];

async fn directory() -> TestApp {
    let app = TestApp::demo_copy().await;
    let mut points = Vec::new();
    for (subject_kind, table) in WITH_POINTS {
        for (_, subject_id) in labelled(&app, (table, "'all'")).await {
            for audience in [Audience::Coordinators, Audience::Administrators] {
                points.push(contact_point::Model {
                    id: Uuid::from_u128(points.len() as u128 + 1),
                    subject_kind,
                    subject_id,
                    kind: ContactPointKind::Email,
                    value: format!("{}@example.org", points.len()),
                    note: None,
                    label: None,
                    audience,
                    ordinal: 9,
                    valid_from: START_OF_TIME,
                    valid_until: FOREVER,
                    valid_precision: 0,
                    version: 1,
                });
            }
        }
    }
    for some in points.chunks(500) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        contact_point::Entity::insert_many(some).exec(app.app.db.writer()).await.expect("contact points");
    }
    app
}

/// The contact points that the client finds around anything at all, with whom they are for.
async fn found(app: &TestApp, client: &Client) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for noun in nouns::all() {
        let fields = noun.fields.replace("{ value }", "{ id audience }").replace("first: 100", "first: 20");
        let query = format!("query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {} {{ {fields} }} }} }}", noun.name);
        let rows = labelled(app, (noun.label.0, "'all'")).await;
        for some in rows.chunks(100) {
            let id = |(_, id): &(String, Uuid)| GlobalId { kind: Some(noun.kind), id: *id, lens: None }.to_string();
            let ids: Vec<String> = some.iter().map(id).collect();
            collect(&client.ask_with(&query, json!({ "ids": ids })).await, &mut found);
        }
    }
    found
}

fn collect(value: &Value, found: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(fields) => {
            if let (Some(Value::String(id)), Some(Value::String(audience))) = (fields.get("id"), fields.get("audience"))
            {
                found.insert((id.clone(), audience.clone()));
            }
            fields.values().for_each(|value| collect(value, found));
        }
        _ => {}
    }
}

/// Compares what the client finds above the level of everybody who signs in with what is of these subjects and for coordinators.
async fn finds_those_of(app: &TestApp, client: &Client, subjects: &BTreeSet<Uuid>) {
    let now = contact_point::Entity::find().filter(contact_point::Column::Audience.eq(Audience::Coordinators));
    let now = now.filter(contact_point::Column::ValidUntil.eq(FOREVER)).all(app.app.db.writer()).await.expect("rows");
    let (theirs, others): (Vec<_>, Vec<_>) = now.into_iter().partition(|row| subjects.contains(&row.subject_id));
    assert!(theirs.len() > 10 && others.len() > 100, "{} and {}", theirs.len(), others.len());
    let id = |row: contact_point::Model| {
        GlobalId { kind: Some(SubjectKind::ContactPoint), id: row.id, lens: None }.to_string()
    };
    let expected: BTreeSet<_> = theirs.into_iter().map(|row| (id(row), "COORDINATORS".to_owned())).collect();
    let mut found = found(app, client).await;
    found.retain(|(_, audience)| audience == "COORDINATORS" || audience == "ADMINISTRATORS");
    assert_eq!(found, expected);
}

/// The ids of a place and of all that is below it.
fn below(rows: &[(Uuid, Option<Uuid>)], root: Uuid) -> BTreeSet<Uuid> {
    let mut inside = BTreeSet::from([root]);
    // Once for each level there can be.
    for _ in rows {
        let more = rows.iter().filter(|(_, parent)| parent.is_some_and(|parent| inside.contains(&parent)));
        let more: Vec<Uuid> = more.map(|(id, _)| *id).collect();
        inside.extend(more);
    }
    inside
}

#[tokio::test]
async fn a_representative_of_bracke_finds_what_is_brackes() {
    let app = directory().await;
    let bracke = app.right(entity::values::Role::Representative, "bracke").await.place.expect("Bräcke");
    let organisations: Vec<_> = all!(app, organisation).iter().map(|row| (row.id, row.parent_id)).collect();
    let theirs = below(&organisations, bracke);
    let is_theirs = |organisation: Option<Uuid>| organisation.is_some_and(|id| theirs.contains(&id));
    let (positions, seats, memberships) = (all!(app, position), all!(app, seat), all!(app, membership));
    let positions: BTreeSet<_> =
        positions.iter().filter(|row| is_theirs(Some(row.organisation_id))).map(|row| row.id).collect();
    let seats: BTreeSet<_> = seats.iter().filter(|row| is_theirs(row.organisation_id)).map(|row| row.id).collect();
    let today = app.app.today();
    let mut subjects: BTreeSet<Uuid> = theirs.iter().chain(&positions).chain(&seats).copied().collect();
    for row in memberships {
        let for_them = is_theirs(row.on_behalf_of_id);
        subjects.extend((for_them || seats.contains(&row.seat_id)).then_some(row.id));
        subjects.extend((for_them && row.valid_until > today).then_some(row.person_id));
    }
    for row in all!(app, tenure).into_iter().filter(|row| positions.contains(&row.position_id)) {
        subjects.extend((row.valid_until > today).then_some(row.person_id));
    }
    finds_those_of(&app, &app.representative("bracke").await, &subjects).await;
}

#[tokio::test]
async fn a_coordinator_of_vard_och_omsorgscollege_finds_what_is_its_and_its_steering_groups() {
    let app = directory().await;
    let college = app.right(entity::values::Role::Coordinator, "vard-och-omsorgscollege").await.place.expect("VO-C");
    let groups: Vec<_> = all!(app, group).iter().map(|row| (row.id, row.parent_id)).collect();
    let theirs = below(&groups, college);
    for local in ["vo-c-lokal-styrgrupp-1", "vo-c-lokal-styrgrupp-2"] {
        let local = app.right(entity::values::Role::Coordinator, local).await.place.expect("a steering group");
        assert!(theirs.contains(&local));
    }
    let seats: BTreeSet<_> =
        all!(app, seat).iter().filter(|row| theirs.contains(&row.group_id)).map(|row| row.id).collect();
    let today = app.app.today();
    let mut subjects: BTreeSet<Uuid> = theirs.union(&seats).copied().collect();
    for row in all!(app, membership).into_iter().filter(|row| seats.contains(&row.seat_id)) {
        subjects.insert(row.id);
        subjects.extend((row.valid_until > today).then_some(row.person_id));
    }
    finds_those_of(&app, &app.coordinator("vard-och-omsorgscollege").await, &subjects).await;
}
