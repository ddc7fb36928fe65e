//! A server that is killed while it writes: what it acknowledged is there, and nothing is half there.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::world::World;

/// In how many lives a server is killed; `SAMVERKAN_TEST_KILLS` says otherwise.
const KILLS: usize = 6;

/// Somebody who replaces whoever sits on a seat, over and over, until the server dies. What was acknowledged, in order.
async fn replace_until_death(asker: crate::support::server::Asker, first: Value, people: Vec<Value>) -> Vec<Value> {
    let (mut membership, mut acknowledged) = (first, Vec::new());
    for turn in 1.. {
        let on = format!("{}-01-01", 1900 + turn % 100);
        let input =
            json!({ "membership": membership, "expectedVersion": 1, "person": people[turn % people.len()], "on": on });
        let Some(payload) = asker.change("replaceMember", &input, "membership { id } change { id }").await else {
            break;
        };
        let Some(next) = payload["membership"]["id"].as_str() else { break };
        membership = json!(next);
        acknowledged.push(membership.clone());
    }
    acknowledged
}

async fn life(world: &mut World, number: usize) {
    let (seat, people, since) = (world.seat("open").await, world.people().await, world.last_change().await);
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        let asker = world.askers[0].clone();
        let mine: Vec<Value> = people.iter().skip(writer * 8).take(8).cloned().collect();
        let input = json!({ "seat": { "id": seat }, "person": mine[0], "from": "1900-01-01", "until": format!("{}-01-01", 2100 + number % 90) });
        let Some(payload) = asker.change("addMember", &input, "membership { id }").await else { continue };
        let Some(first) = payload["membership"]["id"].as_str() else { continue };
        writers.spawn(replace_until_death(asker.clone(), json!(first), mine));
    }
    tokio::time::sleep(Duration::from_millis(20 + (number as u64 * 37) % 180)).await;
    world.kill(0);
    let acknowledged: Vec<Value> = writers.join_all().await.into_iter().flatten().collect();
    check(world, &acknowledged, since).await;
    println!("life {number}: {} acknowledged", acknowledged.len());
    world.execute("DELETE FROM membership").await;
    world.restart().await;
}

/// Every acknowledged member is there with its Change, and who was replaced ends on the day on which the next begins.
async fn check(world: &World, acknowledged: &[Value], since: i64) {
    for ids in acknowledged.chunks(100) {
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let answer = world.administrator().ask_with(query, json!({ "ids": ids })).await;
        for node in answer["nodes"].as_array().expect("nodes") {
            assert!(node.is_object(), "an acknowledged member is lost");
        }
    }
    assert_eq!(world.torn(since).await, 0, "half a change");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_and_nothing_is_half_done() {
    let kills = std::env::var("SAMVERKAN_TEST_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let mut world = World::with_two_servers().await;
    for number in 0..kills {
        life(&mut world, number).await;
    }
}
