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

use schema::Schema;
use trial::Trial;
use world::Nation;

/// Of how many of the worst the plans are told.
const TOLD: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_uses_an_index_and_reads_little_more_than_is_asked_for() {
    let nation = Nation::new().await;
    let schema = Schema::ask(&nation.app.administrator()).await;
    let (questions, askers) = (questions::all(&schema, &nation.rows, &nation.references), nation.askers());
    let mut trial = Trial::new(&nation).await;
    for (who, client) in &askers {
        for question in &questions {
            trial.ask(who, client, question).await;
        }
    }
    let administrator = &askers[0].1;
    let workloads = workloads::questions(&nation).await;
    for question in &workloads {
        trial.ask("administrator", administrator, question).await;
    }
    files::ask(&mut trial, &nation, &askers).await;
    workloads::arrive(&trial, &nation).await;
    workloads::add_member(&trial, &nation, administrator).await;
    let (found, paths) = trial.found().await;
    let (statements, wrong) = (found.statements, found.wrong());
    nation.remove().await;
    let names: Vec<String> =
        questions.into_iter().chain(workloads).map(|question| question.name).chain(paths).collect();
    assert_eq!(bounds::unneeded(&names), [""; 0], "exceptions that nothing needs");
    assert!(statements > 2_000, "only {statements} statements were heard");
    let told: Vec<&str> = wrong.iter().take(TOLD).map(String::as_str).collect();
    let rest = wrong.iter().skip(TOLD).map(|wrong| wrong.lines().next().unwrap_or_default());
    let told: Vec<&str> = told.into_iter().chain(rest).collect();
    assert!(wrong.is_empty(), "{} of {statements} statements:\n\n{}", wrong.len(), told.join("\n\n"));
}
