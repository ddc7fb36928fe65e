//! What the pages of a directory ask: the workloads that are measured.

use entity::values::{GlobalId, SubjectKind};
use samverkan::db::{Db, Sql};
use samverkan::policy;
use sea_orm::{ConnectionTrait, Value as SqlValue};
use serde_json::{Value, json};
use uuid::Uuid;

use super::questions::Question;
use super::trial::{Heard, Trial};
use super::world::Nation;
use crate::workload::Workload;

/// The questions of the workloads that read.
pub async fn questions(nation: &Nation) -> Vec<Question> {
    let client = &nation.all;
    let groups = client.ask("{ groups(last: 60) { nodes { slug } pageInfo { startCursor } } }").await;
    let people = r#"{ people(first: 1, filter: {familyNameStartsWith: "Lun"}) { pageInfo { endCursor } } }"#;
    let people = client.ask(people).await;
    let mut variables = Vec::new();
    for group in groups["groups"]["nodes"].as_array().into_iter().flatten().step_by(15) {
        variables.push((Workload::W1, json!({ "slug": group["slug"] })));
    }
    variables.push((Workload::W2, json!({ "after": groups["groups"]["pageInfo"]["startCursor"] })));
    variables.push((Workload::W2, json!({ "after": null })));
    for start in ["And", "Lin", "Öst", "Kall"] {
        variables.push((Workload::W3, json!({ "start": start })));
    }
    for id in &nation.rows[&SubjectKind::Person] {
        let days = json!({ "from": "2026-11-21", "until": "2028-11-20" });
        variables.push((Workload::W4, json!({ "id": global(SubjectKind::Person, *id), "days": days })));
    }
    for text in ["bergström", "social", "digital", "Utvec"] {
        variables.push((Workload::W5, json!({ "text": text })));
    }
    variables.push((Workload::W9, json!({ "reference": nation.references[0] })));
    for (fund, year) in [("ESF", 2025), ("REGIONAL", 2020), ("INTERREG", 2025), ("ERDF", 1999)] {
        variables.push((Workload::W10, json!({ "fund": fund, "year": year })));
    }
    variables.push((Workload::W6, json!({ "after": people["people"]["pageInfo"]["endCursor"] })));
    let question = |(workload, variables): (Workload, Value)| Question {
        name: workload.title().to_owned(),
        text: workload.query().to_owned(),
        variables,
        total: None,
        walked: false,
    };
    variables.into_iter().map(question).collect()
}

fn global(kind: SubjectKind, id: Uuid) -> String {
    GlobalId { kind: Some(kind), id, lens: None }.to_string()
}

/// Nobody's members: where the directory is kept, others have been added before.
const FREE: &str =
    "SELECT id FROM person WHERE NOT EXISTS (SELECT 1 FROM membership WHERE person_id = person.id) ORDER BY id LIMIT 3";

/// Adds two members to a seat, and looks into what the second took, once more for a third: with the first came the row of whoever does it.
pub async fn add_member(trial: &Trial) {
    let (db, client) = (&trial.nation.app.app.db, &trial.asker.client);
    let seat = "SELECT id FROM seat WHERE position_id IS NULL AND valid_until = '9999-12-31' ORDER BY id LIMIT 1";
    let room = format!("UPDATE seat SET capacity = 100 WHERE id IN ({seat})");
    db.writer().execute_unprepared(&room).await.expect(&room);
    let seat = ids(db, seat).await[0];
    let people = ids(db, FREE).await;
    let mut added = Vec::new();
    for person in &people[..2] {
        let input = json!({ "seat": { "id": global(SubjectKind::Seat, seat) }, "person": global(SubjectKind::Person, *person) });
        trial.asker.heard();
        let answer = client.ask_with(Workload::W7.query(), json!({ "input": input })).await;
        let id =
            answer["addMember"]["membership"]["id"].as_str().unwrap_or_else(|| panic!("no membership: {answer:#}"));
        added.push(GlobalId::parse(id).id);
    }
    let others = [(added[1], Uuid::from_u128(1)), (people[1], people[2])];
    let mut statements = trial.asker.heard();
    for statement in &mut statements {
        for value in statement.values.iter_mut().flat_map(|values| &mut values.0) {
            if let SqlValue::Uuid(Some(id)) = value {
                *id = others.iter().find(|(one, _)| one == id).map_or(*id, |(_, other)| *other);
            }
        }
    }
    let [asked_as, question] = [Workload::W7.title(); 2].map(str::to_owned);
    trial.look_into(Heard { asked_as, question, statements, own: 0 }).await;
}

async fn ids(db: &Db, sql: &str) -> Vec<Uuid> {
    let rows = db.query(Sql::text(sql)).await.expect(sql);
    rows.iter().map(|row| row.try_get_by_index(0).expect("an id")).collect()
}

/// Looks into what it takes to know who somebody is, as with every request.
pub async fn arrive(trial: &Trial) {
    let issuer = "https://login.example.org/a".to_owned();
    let sign_in = policy::SignIn { issuer, subject: "0".to_owned(), claims: Vec::new() };
    trial.asker.heard();
    policy::actor(&trial.asker.app.app, sign_in).await.expect("an actor");
    let [asked_as, question] = ["arriving"; 2].map(str::to_owned);
    trial.look_into(Heard { asked_as, question, statements: trial.asker.heard(), own: 0 }).await;
}
