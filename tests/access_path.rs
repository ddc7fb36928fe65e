//! Access paths: by which way the databases find the rows of the statements that are sent, in a directory as large as a nation. It takes
//! longer than all other tests, and begins first, since tests begin in the order of their names.
//!
//! Every list of the schema and every field that takes a statement of its own is asked, by everybody who sees by another condition, with
//! each argument alone; and what the measured workloads and files ask. What is sent for it is heard, and explained on the database that it was sent
//! to. A statement passes when it reads no large table without an index, and no more rows than a small multiple of those that are asked for:
//! those that it returns, the ids and other values that it is given, and all rows of the list that belong to the parents of which it
//! returns a page. The latter are sorted, or looked through for those that fit: the members of a group by name. Of lists at the root only
//! what is returned counts, wherever in the list the page is. How many rows there are in all (`totalCount`) is counted by reading them, and
//! is not asked here.

mod bounds;
mod explain;
mod files;
mod questions;
mod schema;
mod trial;
mod values;
mod workloads;
mod world;

use std::sync::{Arc, Mutex};

use schema::Schema;
use trial::{Found, Own, Trial};
use world::Nation;

/// Of how many of the worst the plans are told.
const TOLD: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_uses_an_index_and_reads_little_more_than_is_asked_for() {
    let nation = Arc::new(Nation::new().await);
    let schema = Schema::ask(&nation.all).await;
    let questions = Arc::new(questions::all(&schema, &nation.rows, &nation.references));
    let own = Arc::new(Own::count(&nation.all, &questions).await);
    let found: Arc<Mutex<Found>> = Arc::default();
    let asking = nation.askers().into_iter().map(|asker| {
        let (nation, questions, own, found) = (nation.clone(), questions.clone(), own.clone(), found.clone());
        tokio::spawn(async move {
            let trial = Trial::new(&nation, asker, &own, &found).await;
            for question in questions.iter() {
                trial.ask(question).await;
            }
            files::ask(&trial).await;
            trial
        })
    });
    let mut trials = Vec::new();
    for trial in asking.collect::<Vec<_>>() {
        trials.push(trial.await.expect("no panic"));
    }
    let trial = &trials[0];
    let workloads = workloads::questions(&nation).await;
    for question in &workloads {
        trial.ask(question).await;
    }
    files::of_people(trial).await;
    workloads::arrive(trial).await;
    workloads::add_member(trial).await;
    drop(trials);
    Arc::into_inner(nation).expect("nobody asks any more").remove().await;
    let found = found.lock().expect("no panic");
    let names = questions.iter().chain(&workloads).map(|question| question.name.clone());
    let names: Vec<String> = names.chain(found.paths.iter().cloned()).collect();
    assert_eq!(bounds::unneeded(&names), [""; 0], "exceptions that nothing needs");
    assert!(found.statements > 2_000, "only {} statements were heard", found.statements);
    let wrong = found.wrong();
    let rest = wrong.iter().skip(TOLD).map(|wrong| wrong.lines().next().unwrap_or_default());
    let told: Vec<&str> = wrong.iter().take(TOLD).copied().chain(rest).collect();
    assert!(wrong.is_empty(), "{} of {} statements:\n\n{}", wrong.len(), found.statements, told.join("\n\n"));
}
