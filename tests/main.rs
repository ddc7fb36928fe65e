//! The proof: one binary, a file a noun, actors as clients through `POST /graphql`.

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod support;
/// What is measured, shared with the benchmark.
#[allow(dead_code, reason = "measuring takes more of it")]
#[path = "../benches/workloads/workload.rs"]
mod workload;

mod access_path;
mod account;
mod agreement;
mod architecture;
mod audience;
mod auth;
mod calendar;
mod card;
mod change;
mod concurrency;
mod config;
mod contact_point;
mod cost;
mod day;
mod depth;
mod directory_document;
mod event;
mod figure;
mod fuzz;
mod generate;
mod grant;
mod graphiql;
mod group;
mod guard;
mod http;
mod idempotency;
mod identity;
mod load;
mod meeting;
mod meeting_invitation;
mod membership;
mod migration;
mod node;
mod organisation;
mod paging;
mod person;
mod personal_number;
mod policy;
mod position;
mod project;
mod readme;
mod schedule;
mod schema;
mod scope;
mod search;
mod seat;
mod selection;
mod source;
mod statements;
mod subscription;
mod substitution;
mod tenure;
