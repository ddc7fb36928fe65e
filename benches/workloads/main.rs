//! Measures every workload over HTTP, beside a *floor* in the same run: a bare poem handler with the same driver and pool that sends
//! one hand-written SQL statement which builds the whole JSON in the database. Before anything is measured, the two are asked the
//! same and must say the same.
//!
//! ```sh
//! cargo bench --bench workloads -- --size S --database sqlite
//! ```
//!
//! PostgreSQL wants a cluster on this machine with its settings as they come: `fsync` and `synchronous_commit` are part of what is
//! measured. As the user who is to own it:
//!
//! ```sh
//! initdb -D target/bench/postgres -A trust -E UTF8 --locale=C.UTF-8
//! pg_ctl -D target/bench/postgres -l target/bench/postgres.log -o "-p 5499 -k /tmp -c shared_buffers=1GB" -w start
//! SAMVERKAN_BENCH_POSTGRES=postgres://$USER@127.0.0.1:5499/postgres cargo bench --bench workloads
//! ```
//!
//! Databases are filled by `samverkan generate` and kept for the next run: `samverkan_bench_s` and `samverkan_bench_l`, on SQLite in
//! `target/bench/`. What writes gets a copy, which goes when it is done. Server and floor are pinned to core 0 (`taskset`), this
//! program and PostgreSQL to core 1; SQLite is part of whoever asks it. Only one of the two is under load at a time.

mod ask;
mod calendar;
mod check;
mod count;
mod database;
mod draw;
mod driver;
mod floor;
mod measure;
mod member;
mod process;
mod record;
mod report;
mod toll;
mod workload;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use database::{Kind, Size};
use workload::Workload;

/// What goes wrong ends the run, with a sentence.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures every workload beside the floor.
#[derive(Parser)]
#[command(name = "workloads")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// How much data
    #[arg(long, value_enum, value_delimiter = ',', default_value = "S,L")]
    size: Vec<Size>,
    /// Where it is kept
    #[arg(long, value_enum, value_delimiter = ',', default_value = "sqlite,postgres")]
    database: Vec<Kind>,
    /// Only these workloads
    #[arg(long, value_enum, value_delimiter = ',', default_value = "W1,W2,W3,W4,W5,W6,W7,W8,W9,W10")]
    workload: Vec<Workload>,
    /// How long each load lasts
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How often each is measured; medians are printed
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How many answers of server and floor are compared for each workload
    #[arg(long, default_value_t = 50)]
    compared: usize,
    /// Fill the databases anew
    #[arg(long)]
    fresh: bool,
    /// Write all figures to this file, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Cargo says so
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Serve as the floor
    #[command(hide = true)]
    Floor {
        #[arg(long)]
        database_url: String,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.command {
        Some(Command::Floor { database_url }) => floor::main(database_url),
        None => run(&cli),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("workloads: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One thread: it shares its core with the database.
fn run(cli: &Cli) -> Outcome<()> {
    process::pin_self()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut found = Vec::new();
        for kind in &cli.database {
            let _pinned = kind.pin().await?;
            for size in &cli.size {
                let measured = measure::all(cli, *kind, *size).await?;
                print!("{}", report::table(&measured));
                found.push(measured);
            }
        }
        print!("{}", report::sizes(&found));
        match &cli.json {
            Some(file) => Ok(std::fs::write(file, serde_json::to_string_pretty(&found)?)?),
            None => Ok(()),
        }
    })
}
