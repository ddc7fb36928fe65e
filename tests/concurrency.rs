//! Many writers at once, through two server processes on one database: the rules hold, each loser is told why, and nothing else goes wrong.

mod killed;
mod world;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::on_postgres;
use crate::support::server::Asker;
use world::World;

const WRITERS: usize = 64;

/// How often each outcome came: the rule that refused, another failure's type, or "done".
type Outcomes = BTreeMap<String, usize>;

fn outcome(payload: &Value) -> String {
    let error = &payload["errors"][0];
    match (&error["rule"], &error["__typename"]) {
        (Value::String(rule), _) => rule.clone(),
        (_, Value::String(kind)) => kind.clone(),
        _ => "done".to_owned(),
    }
}

/// Sends all inputs at once, turn about to each server, and counts what came of them.
async fn race(askers: &[Asker], mutation: &'static str, inputs: Vec<Value>) -> (Outcomes, Vec<Value>) {
    let mut running = JoinSet::new();
    for (place, input) in inputs.into_iter().enumerate() {
        let asker = askers[place % askers.len()].clone();
        running.spawn(async move {
            let fields = "membership { id version decision { reference } } change { id }";
            asker.change(mutation, &input, fields).await.expect("a server that lives")
        });
    }
    let payloads = running.join_all().await;
    let mut outcomes = Outcomes::new();
    for payload in &payloads {
        *outcomes.entry(outcome(payload)).or_default() += 1;
    }
    (outcomes, payloads)
}

fn expected<const N: usize>(outcomes: [(&str, usize); N]) -> Outcomes {
    outcomes.map(|(outcome, count)| (outcome.to_owned(), count)).into()
}

fn adding(seat: &Value, people: impl IntoIterator<Item = Value>) -> Vec<Value> {
    people.into_iter().map(|person| json!({ "seat": { "id": seat }, "person": person, "from": "2026-01-01" })).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_never_gets_a_member_too_many() {
    let world = World::with_two_servers().await;
    let (outcomes, _) = race(&world.askers, "addMember", adding(&world.seat("five").await, world.people().await)).await;
    assert_eq!(outcomes, expected([("SEAT_CAPACITY", WRITERS - 5), ("done", 5)]));
    assert_eq!(world.count("membership").await, 5);
}

/// The proof above must fail where the rule is not held.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_guard_the_seat_overflows() {
    let world = World::with_two_servers().await;
    for trigger in ["seat_capacity_on_membership_insert", "seat_capacity_on_membership_update"] {
        let sql = match on_postgres() {
            true => "DROP TRIGGER IF EXISTS seat_capacity_on_membership ON membership".to_owned(),
            false => format!("DROP TRIGGER {trigger}"),
        };
        world.execute(&sql).await;
    }
    let (outcomes, _) = race(&world.askers, "addMember", adding(&world.seat("five").await, world.people().await)).await;
    assert_eq!(outcomes, expected([("done", WRITERS)]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_sits_twice_on_one_seat() {
    let world = World::with_two_servers().await;
    let person = world.people().await.remove(0);
    let (outcomes, _) =
        race(&world.askers, "addMember", adding(&world.seat("open").await, vec![person; WRITERS])).await;
    assert_eq!(outcomes, expected([("MEMBERSHIP_TWICE", WRITERS - 1), ("done", 1)]));
    assert_eq!(world.count("membership").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_at_the_same_time_opens_one_seat() {
    let world = World::with_two_servers().await;
    let seats = world.count("seat").await;
    let group = world.group().await;
    let place = json!({ "place": { "group": group, "role": "OBSERVER" } });
    let people = world.people().await.into_iter();
    let inputs = people.map(|person| json!({ "seat": place, "person": person })).collect();
    let (outcomes, _) = race(&world.askers, "addMember", inputs).await;
    assert_eq!(outcomes, expected([("done", WRITERS)]));
    assert_eq!(world.count("seat").await, seats + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_changes_of_one_version_one_wins() {
    let world = World::with_two_servers().await;
    let person = world.people().await.remove(0);
    let (_, payloads) = race(&world.askers, "addMember", adding(&world.seat("open").await, [person])).await;
    let membership = &payloads[0]["membership"]["id"];
    let change = |number| json!({ "membership": membership, "expectedVersion": 1, "decision": { "reference": format!("KS {number}/2026") } });
    let (outcomes, payloads) = race(&world.askers, "changeMembership", (0..100).map(change).collect()).await;
    assert_eq!(outcomes, expected([("VersionConflict", 99), ("done", 1)]));
    assert!(payloads.iter().all(|payload| match payload["errors"][0]["currentVersion"].as_i64() {
        Some(version) => version == 2,
        None => payload["membership"]["version"] == 2,
    }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_has_one_effect_on_all_instances_and_after_a_restart() {
    let mut world = World::with_two_servers().await;
    let mut people = world.people().await.into_iter();
    let seat = world.seat("open").await;
    let keyed = |person: Option<Value>| json!({ "seat": { "id": seat }, "person": person, "from": "2026-01-01", "idempotencyKey": "the same" });
    let first = keyed(people.next());
    let (outcomes, payloads) = race(&world.askers, "addMember", vec![first.clone(); WRITERS]).await;
    assert_eq!(outcomes, expected([("done", WRITERS)]));
    assert!(payloads.iter().all(|payload| *payload == payloads[0]), "the same result");
    assert_eq!(world.count("membership").await, 1);
    world.restart().await;
    let (_, again) = race(&world.askers, "addMember", vec![first]).await;
    assert_eq!(again[0], payloads[0]);
    let (other, _) = race(&world.askers, "addMember", vec![keyed(people.next())]).await;
    assert_eq!(other, expected([("KeyReused", 1)]));
    assert_eq!(world.count("membership").await, 1);
}
