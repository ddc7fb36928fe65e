//! What each actor may see: the same by every path, and what the rules say.

mod document;
mod model;
mod nouns;
mod places;
mod record;
mod world;

use entity::values::{GlobalId, Role, SubjectKind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;
use samverkan::domain;
use samverkan::policy::Right;
use sea_orm::prelude::Uuid;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, all};
use model::{Eyes, Who};
use nouns::Noun;
use world::{GROUPS, ORGANISATIONS, World, worlds};

/// Some who keep places, and some who don't.
fn actors() -> impl Strategy<Value = Vec<Who>> {
    let groups = subsequence((0..GROUPS).collect::<Vec<_>>(), 0..=2);
    let organisations = subsequence((0..ORGANISATIONS).collect::<Vec<_>>(), 0..=2);
    let keeper = (groups, organisations).prop_map(|(groups, organisations)| Who::SignedIn { groups, organisations });
    let nobody = Who::SignedIn { groups: Vec::new(), organisations: Vec::new() };
    let others = subsequence(vec![Who::Public, nobody, Who::Auditor, Who::Administrator], 2);
    (vec(keeper, 2), others).prop_map(|(keepers, others)| [keepers, others].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn lists_look_ups_and_rules_agree(world in worlds(), actors in actors()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(agree(&world, &actors));
    }
}

async fn agree(world: &World, actors: &[Who]) {
    let directory = Directory::of(world).await;
    for who in actors {
        let (client, eyes) = (directory.client(who), Eyes { world, who });
        for (noun, rows) in nouns::all().zip(&directory.rows) {
            let pictures: Vec<_> = rows.iter().map(|(number, _)| (noun.picture)(&eyes, *number)).collect();
            looked_up(&client, &noun, rows, &pictures, who).await;
            if let Some(list) = noun.list.filter(|_| nouns::lists(&noun, who)) {
                listed(&client, list, &noun, &pictures, who).await;
            }
        }
        points_by_id(&directory, &client, &eyes).await;
        searched(&client, &eyes).await;
    }
}

/// A world, loaded, with the ids of its rows by noun.
struct Directory {
    app: TestApp,
    rows: Vec<Vec<(usize, Uuid)>>,
}

impl Directory {
    async fn of(world: &World) -> Self {
        let app = TestApp::of(&world.document()).await;
        for name in world.protected() {
            let protect = format!("UPDATE person SET protected = TRUE WHERE family_name = '{name}'");
            app.app.db.writer().execute_unprepared(&protect).await.expect("protection");
        }
        let mut rows = Vec::new();
        for noun in nouns::all() {
            let labelled = labelled(&app, noun.label).await;
            let number = |label: &str| label[1..].parse().expect("a number");
            rows.push(labelled.iter().map(|(label, id)| (number(label), *id)).collect());
        }
        Self { app, rows }
    }

    fn client(&self, who: &Who) -> Client {
        match who {
            Who::Public => self.app.public(),
            Who::Auditor => self.app.auditor(),
            Who::Administrator => self.app.administrator(),
            Who::SignedIn { groups, organisations } => {
                let coordinator = groups.iter().map(|place| self.right(Role::Coordinator, SubjectKind::Group, *place));
                let representative = organisations
                    .iter()
                    .map(|place| self.right(Role::Representative, SubjectKind::Organisation, *place));
                self.app.signed_in("keeper", coordinator.chain(representative).collect())
            }
        }
    }

    fn right(&self, role: Role, kind: SubjectKind, number: usize) -> Right {
        let rows = nouns::all().zip(&self.rows).find(|(noun, _)| noun.kind == kind).map(|(_, rows)| rows);
        let place = rows.and_then(|rows| rows.iter().find(|(other, _)| *other == number)).map(|(_, id)| *id);
        Right { role, place: Some(place.expect("a place")), grant: None }
    }
}

/// The rows of a table, by a column that tells them apart.
async fn labelled(app: &TestApp, (table, column): (&str, &str)) -> Vec<(String, Uuid)> {
    let db = app.app.db.writer();
    let query = format!("SELECT {column}, id FROM {table}");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), query)).await.expect("rows");
    let pair = |row: &sea_orm::QueryResult| {
        (row.try_get_by_index(0).expect("a label"), row.try_get_by_index(1).expect("an id"))
    };
    rows.iter().map(pair).collect()
}

/// Each row by its id: as the model says, or nothing.
async fn looked_up(client: &Client, noun: &Noun, rows: &[(usize, Uuid)], pictures: &[Option<Value>], who: &Who) {
    let id = |(_, id): &(usize, Uuid)| GlobalId { kind: Some(noun.kind), id: *id, lens: None }.to_string();
    let ids: Vec<String> = rows.iter().map(id).collect();
    let query = format!("query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {} {{ {} }} }} }}", noun.name, noun.fields);
    let found = client.ask_with(&query, json!({ "ids": ids })).await["nodes"].take();
    let found = found.as_array().expect("nodes");
    assert_eq!(found.len(), rows.len());
    for ((found, picture), (number, _)) in found.iter().zip(pictures).zip(rows) {
        assert_eq!(sorted(found.clone()), sorted(json!(picture)), "{} {number} by id for {who:?}", noun.name);
    }
}

/// All pages of the list: those that have a picture, and no more.
async fn listed(client: &Client, list: (&str, &str), noun: &Noun, pictures: &[Option<Value>], who: &Who) {
    let expected: Vec<&Value> = pictures.iter().flatten().map(|picture| &picture["key"]).collect();
    let key = noun.fields.split_whitespace().nth(1).unwrap_or_default();
    let (field, filter) = list;
    let page = format!("totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ key: {key} }}");
    let query = format!("query ($after: String) {{ {field}({filter} first: 3, after: $after) {{ {page} }} }}");
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = client.ask_with(&query, json!({ "after": after })).await[field].take();
        found.extend(page["nodes"].as_array().into_iter().flatten().map(|node| node["key"].clone()));
        assert_eq!(page["totalCount"], json!(expected.len()), "the number of {field} for {who:?}");
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(sorted(json!(found)), sorted(json!(expected)), "{field} for {who:?}");
}

/// Contact points by their own ids.
async fn points_by_id(directory: &Directory, client: &Client, eyes: &Eyes<'_>) {
    let ids = labelled(&directory.app, ("contact_point", "value")).await.into_iter().map(|(_, id)| id).collect();
    let found = domain::contact_point::by_ids(client.view(), ids).await.expect("contact points");
    let found: Vec<String> = found.into_iter().map(|row| row.value).collect();
    let seen = eyes.world.subjects().into_iter().filter(|subject| eyes.subject(*subject));
    let expected: Vec<String> = seen.flat_map(|subject| eyes.points(subject)).collect();
    assert_eq!(sorted(json!(found)), sorted(json!(expected)), "contact points by id for {:?}", eyes.who);
}

/// What a search finds for texts that all groups, and all people, fit.
async fn searched(client: &Client, eyes: &Eyes<'_>) {
    let groups = (0..eyes.world.groups.len()).filter(|group| eyes.group(*group)).map(|group| format!("g{group}"));
    let people = (0..eyes.world.people.len()).filter(|person| eyes.lists_people() && eyes.person(*person));
    let people = people.map(|person| format!("P{person}"));
    for (text, expected) in [("grupp", groups.collect::<Vec<_>>()), ("person", people.collect())] {
        let keys = "... on Group { key: slug } ... on Person { key: familyName }";
        let query = format!("{{ search(text: \"{text}\", first: 100) {{ totalCount nodes {{ {keys} }} }} }}");
        let found = client.ask(&query).await["search"].take();
        assert_eq!(found["totalCount"], json!(expected.len()), "{text} for {:?}", eyes.who);
        assert_eq!(sorted(json!(all(&found, "nodes.*.key"))), sorted(json!(expected)), "{text} for {:?}", eyes.who);
    }
}

/// The same with every list in one order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(values) => {
            let mut values: Vec<Value> = values.into_iter().map(sorted).collect();
            values.sort_by_cached_key(ToString::to_string);
            Value::Array(values)
        }
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, sorted(value))).collect(),
        other => other,
    }
}
