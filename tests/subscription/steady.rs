//! Nothing is missed and nothing comes twice, whatever becomes of connections to the database, and whichever instance somebody writes to.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use super::World;
use super::live::Live;
use crate::support::on_postgres;

const ROUNDS: usize = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_missed_while_connections_are_cut() {
    let world = World::new().await;
    let other = Live::on(&world.url).await;
    let run = world.group("run").await;
    let query = format!(r#"subscription {{ changed(groups: ["{run}"]) {{ cursor groups {{ name }} }} }}"#);
    let mut sockets = [world.live.socket(None).await, other.socket(None).await];
    for socket in &mut sockets {
        socket.subscribe("1", &query).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let change = renamed(&world, &run, round).await;
        let begun = Instant::now();
        if on_postgres() {
            cut_all(&world.url).await;
        }
        for socket in &mut sockets {
            let event = socket.event().await;
            assert_eq!(event["cursor"], change, "round {round}");
            assert_eq!(event["groups"][0]["name"], format!("RUN {round}"));
        }
        times.push(begun.elapsed());
    }
    for socket in &mut sockets {
        socket.nothing().await;
    }
    times.sort();
    let (half, most) = (times[ROUNDS / 2], times[ROUNDS - 1]);
    eprintln!("told after {half:?}, at most {most:?}");
    assert!(times[ROUNDS * 99 / 100] < Duration::from_millis(500), "{times:?}");
}

/// Ends all connections to a database but the one that does it.
async fn cut_all(url: &str) {
    let database = Database::connect(url).await.expect("a database");
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.execute_unprepared(cut).await.expect("connections that end");
    database.close().await.expect("closing");
}

/// Renames the group once, however often that takes with connections that break: the same key, the same change.
async fn renamed(world: &World, group: &str, round: usize) -> Value {
    let mutation = "mutation($input: UpdateGroupInput!) { updateGroup(input: $input) { change { id } errors { ... on UserError { message } } } }";
    let (key, name) = (format!("round {round}"), format!("RUN {round}"));
    let input = json!({ "group": group, "expectedVersion": round + 1, "name": name, "idempotencyKey": key });
    for _ in 0..100 {
        let answer = world.live.post(Some(&world.administrator), mutation, json!({ "input": input })).await;
        let id = &answer["data"]["updateGroup"]["change"]["id"];
        if id.is_string() {
            return id.clone();
        }
        assert!(answer.get("errors").is_some(), "{answer:#}");
    }
    panic!("it never works again");
}
