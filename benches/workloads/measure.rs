//! One run on one database of one size.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use samverkan::db::Db;
use serde::Serialize;

use crate::ask::Ask;
use crate::database::{Database, Kind, Size};
use crate::draw::{self, Draw, Now};
use crate::driver::{Connection, Load, Sample, Target};
use crate::process::{self, Server, samverkan};
use crate::workload::Workload;
use crate::{Cli, Outcome, check, count, member, toll};

/// How many clients ask at once.
pub const CLIENTS: [usize; 2] = [32, 1];
/// How many members a second are added at most, on average of all loads.
const ADDED: f64 = 3_000.0;
/// How many requests are counted for their statements.
const COUNTED: usize = 5;
const STARTS: usize = 5;

/// Everything about one database of one size.
#[derive(Serialize)]
pub struct Measured {
    pub kind: Kind,
    pub size: Size,
    pub workloads: Vec<Row>,
    pub memory: Memory,
    /// From the start of the process to the first answer, in milliseconds.
    pub start: f64,
}

/// One workload.
#[derive(Serialize)]
pub struct Row {
    pub workload: Workload,
    /// SQL statements for a request: the fewest and the most.
    pub statements: (u64, u64),
    /// What guard and budget take of a request, in microseconds; none of a file.
    pub toll: Option<f64>,
    /// By [`CLIENTS`].
    pub loads: [Pair; 2],
}

/// Server and floor under the same load.
#[derive(Serialize, Default)]
pub struct Pair {
    pub server: Figures,
    pub floor: Figures,
}

impl Pair {
    /// The server's share of what the floor can do.
    pub fn ratio(&self) -> f64 {
        self.server.per_second / self.floor.per_second
    }
}

/// Medians over the rounds.
#[derive(Serialize, Default)]
pub struct Figures {
    pub per_second: f64,
    /// In microseconds.
    pub p50: f64,
    pub p99: f64,
}

/// Resident memory in megabytes.
#[derive(Serialize)]
pub struct Memory {
    /// Of a server that nobody has asked anything.
    pub idle: f64,
    /// Of the one that reads, after the run, and at most.
    pub after: f64,
    pub most: f64,
    /// Of the one that writes, if there was one.
    pub writing: Option<(f64, f64)>,
}

/// A database with server and floor on it.
struct Stage {
    database: Database,
    server: Server,
    floor: Server,
    token: String,
}

impl Stage {
    fn on(database: Database, token: &str) -> Outcome<Self> {
        let (server, floor) = (Server::start(&database.url)?, Server::floor(&database.url)?);
        Ok(Self { database, server, floor, token: token.to_owned() })
    }

    fn graphql(&self) -> Target {
        Target::new(self.server.address, "/graphql", Some(&self.token))
    }

    fn server(&self, workload: Workload) -> Target {
        if workload.is_file() { Target::files(self.server.address) } else { self.graphql() }
    }

    fn floor(&self, workload: Workload) -> Target {
        Target::new(self.floor.address, &workload.path(), None)
    }
}

/// Measures the workloads that are wanted.
pub async fn all(cli: &Cli, kind: Kind, size: Size) -> Outcome<Measured> {
    let database = Database::filled(kind, size, cli.fresh).await?;
    let token = process::run(samverkan(&database.url, &["token", "--role", "administrator", "--hours", "24"]))?;
    let (reading, writing): (Vec<_>, Vec<_>) = cli.workload.iter().copied().partition(|workload| !workload.writes());
    let copy = if writing.is_empty() { None } else { Some(database.copy().await?) };
    let (start, idle) = first_answers(&database, &token).await?;
    let stage = Stage::on(database, &token)?;
    let mut subjects = Vec::new();
    for workload in reading {
        subjects.push(Subject::reading(cli, workload, &stage).await?);
    }
    measure(cli, &stage, &mut subjects).await?;
    let (after, most) = stage.server.memory()?;
    let mut memory = Memory { idle, after, most, writing: None };
    drop(stage);
    if let Some(copy) = copy {
        let stage = Stage::on(copy, &token)?;
        let mut written = vec![Subject::writing(cli, &stage).await?];
        measure(cli, &stage, &mut written).await?;
        memory.writing = Some(stage.server.memory()?);
        subjects.append(&mut written);
        let copy = stage.database.clone();
        drop(stage);
        copy.drop().await?;
    }
    subjects.sort_by_key(|subject| subject.workload);
    Ok(Measured { kind, size, workloads: subjects.into_iter().map(Subject::row).collect(), memory, start })
}

/// The median time to a first answer, and the memory of a server before it.
async fn first_answers(database: &Database, token: &str) -> Outcome<(f64, f64)> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let started = Instant::now();
        let server = Server::start(&database.url)?;
        let mut connection = Connection::open(&Target::new(server.address, "/graphql", Some(token))).await?;
        connection.json(r#"{"query": "{ groups(first: 1) { nodes { name } } }"}"#).await?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    let idle = Server::start(&database.url)?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok((median(times), idle.memory()?.0))
}

/// A workload, and what has been measured of it.
struct Subject {
    workload: Workload,
    statements: (u64, u64),
    toll: Option<f64>,
    server: Rc<[String]>,
    floor: Rc<[String]>,
    /// The next of those that can be asked once.
    next: Rc<Cell<usize>>,
    /// By [`CLIENTS`]: floor and server.
    samples: [(Vec<Sample>, Vec<Sample>); 2],
}

impl Subject {
    async fn reading(cli: &Cli, workload: Workload, stage: &Stage) -> Outcome<Self> {
        let db = Db::connect(&stage.database.url).await?;
        let asks = draw::asks(workload, &db, &stage.graphql(), Now::read()).await?;
        db.close().await?;
        let compared: Vec<Ask> = asks.iter().cycle().take(cli.compared).cloned().collect();
        check::same(workload, &compared, &stage.server(workload), &stage.floor(workload)).await?;
        let counted = &asks[..COUNTED.min(asks.len())];
        let statements = count::statements(workload, &stage.database.url, &stage.token, counted).await?;
        let toll = if workload.is_file() { None } else { Some(toll::micros(&stage.database.url, &asks).await?) };
        Ok(Self::of(workload, statements, toll, &asks))
    }

    async fn writing(cli: &Cli, stage: &Stage) -> Outcome<Self> {
        let workload = Workload::W7;
        let db = Db::connect(&stage.database.url).await?;
        let loads = 4.0 * cli.rounds as f64 * (cli.seconds + warm_up(cli).as_secs_f64());
        let wanted = 2 * cli.compared + COUNTED + (loads * ADDED) as usize;
        let mut asks = member::asks(&db, &mut Draw::new(1), Now::read().today, wanted).await?;
        let compared: Vec<Ask> = asks.drain(..(2 * cli.compared).min(asks.len())).collect();
        check::added(&compared, &db, &stage.server(workload), &stage.floor(workload)).await?;
        db.close().await?;
        let counted: Vec<Ask> = asks.drain(..COUNTED.min(asks.len())).collect();
        let statements = count::statements(workload, &stage.database.url, &stage.token, &counted).await?;
        let toll = Some(toll::micros(&stage.database.url, &counted).await?);
        Ok(Self::of(workload, statements, toll, &asks))
    }

    fn of(workload: Workload, statements: (u64, u64), toll: Option<f64>, asks: &[Ask]) -> Self {
        Self {
            workload,
            statements,
            toll,
            server: asks.iter().map(|ask| ask.server.clone()).collect(),
            floor: asks.iter().map(|ask| ask.floor.clone()).collect(),
            next: Rc::default(),
            samples: Default::default(),
        }
    }

    /// One load on one of the two.
    async fn sample(
        &self,
        cli: &Cli,
        target: Target,
        bodies: &Rc<[String]>,
        clients: usize,
        round: usize,
    ) -> Outcome<Sample> {
        let once = self.workload.writes();
        let start = round * bodies.len() / cli.rounds.max(1);
        let next = if once { self.next.clone() } else { Rc::new(Cell::new(start)) };
        let load = Load {
            target,
            bodies: bodies.clone(),
            once,
            next,
            good: if once { is_done } else { is_data },
            clients,
            warm_up: warm_up(cli),
            lasts: Duration::from_secs_f64(cli.seconds),
        };
        load.run().await.map_err(|error| format!("{:?}: {error}", self.workload).into())
    }

    fn row(self) -> Row {
        let loads = self.samples.map(|(floor, server)| Pair { floor: figures(&floor), server: figures(&server) });
        Row { workload: self.workload, statements: self.statements, toll: self.toll, loads }
    }
}

/// Before each measurement, so that connections, caches and plans are there.
fn warm_up(cli: &Cli) -> Duration {
    Duration::from_secs_f64((cli.seconds / 5.0).max(0.3))
}

/// Whether an answer is a file, or has data and no errors; those come first where there are any.
fn is_data(answer: &[u8]) -> bool {
    let starts = [b"{\"data\":{".as_slice(), b"BEGIN:VCALENDAR"];
    starts.iter().any(|start| answer.starts_with(start))
        || (answer.starts_with(b"{\"") && !answer.starts_with(b"{\"errors\""))
}

/// The same of a mutation, whose payload has errors of its own.
fn is_done(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    is_data(answer) && ["\"errors\":[]", "\"errors\" : []"].iter().any(|none| text.contains(none))
}

/// In turns: floor and server follow each other closely, so that both have the same weather.
async fn measure(cli: &Cli, stage: &Stage, subjects: &mut [Subject]) -> Outcome<()> {
    for round in 0..cli.rounds {
        for subject in &mut *subjects {
            for (place, clients) in CLIENTS.into_iter().enumerate() {
                let floor = stage.floor(subject.workload);
                let floor = subject.sample(cli, floor, &subject.floor, clients, round).await?;
                let server =
                    subject.sample(cli, stage.server(subject.workload), &subject.server, clients, round).await?;
                eprintln!(
                    "round {} {:?} with {clients}: floor {:.0}, server {:.0} a second",
                    round + 1,
                    subject.workload,
                    floor.per_second,
                    server.per_second
                );
                subject.samples[place].0.push(floor);
                subject.samples[place].1.push(server);
            }
        }
    }
    Ok(())
}

fn figures(samples: &[Sample]) -> Figures {
    let of = |figure: &dyn Fn(&Sample) -> f64| median(samples.iter().map(figure).collect());
    Figures {
        per_second: of(&|sample| sample.per_second),
        p50: of(&|sample| sample.percentile(0.5)),
        p99: of(&|sample| sample.percentile(0.99)),
    }
}

/// The one in the middle; the upper of two.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
