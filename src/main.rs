//! The composition root: settings in, one command done, an exit code out.

mod cli;

use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;
use clap::Parser;
use entity::values::Instant;
use samverkan::app::{self, App};
use samverkan::config::{Database, Log, Settings};
use samverkan::error::Error;
use samverkan::http::Backend;
use samverkan::{demo, domain, graphql, http};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use cli::{Cli, Command, Failure};

const DEMO_DATABASE: &str = "sqlite://samverkan-demo.db";

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

async fn run(cli: Cli) -> Result<(), Failure> {
    if let Command::Schema = cli.command {
        return print(&graphql::sdl());
    }
    let settings = Settings::read(&cli.flags()).map_err(Failure::usage)?;
    log_to_stderr(&settings.log)?;
    match cli.command {
        Command::Serve { demo: false, .. } => serve(&settings).await,
        Command::Serve { demo: true, .. } => serve_demo(settings).await,
        Command::Migrate => migrate(&settings.database).await,
        Command::Load { files } => load(&settings.database, &files).await,
        Command::Schema => Ok(()),
    }
}

async fn migrate(database: &Database) -> Result<(), Failure> {
    let migrated = app::migrate(&database.url).await;
    migrated.map_err(|error| of_database(database, error))?;
    print(&format!("{}: the schema is this version's\n", database.masked()))
}

async fn load(database: &Database, files: &[PathBuf]) -> Result<(), Failure> {
    let mut texts = Vec::new();
    for path in files {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => texts.push((name, text)),
            Err(error) => return Err(Failure::new(format!("{name}: {error}"))),
        }
    }
    let app = open(database).await?;
    let loaded = load_into(&app, texts).await;
    close(app).await;
    print(&format!("{}\n", loaded?))
}

async fn load_into(app: &App, texts: Vec<(String, String)>) -> Result<String, Failure> {
    match domain::load::files(app, texts).await {
        Ok(report) => Ok(report.to_string()),
        Err(problems) => {
            for problem in &problems {
                eprintln!("{problem}");
            }
            let message = format!("nothing was loaded; problems: {}", problems.len());
            Err(Failure::new(message))
        }
    }
}

async fn serve(settings: &Settings) -> Result<(), Failure> {
    let app = open(&settings.database).await?;
    listen(app, settings, |address| format!("Listening on http://{address}\n")).await
}

/// The demonstration has a database of its own: a settings file that names a real one is no reason to put fictional
/// people into it.
async fn serve_demo(mut settings: Settings) -> Result<(), Failure> {
    if !settings.database.chosen {
        settings.database.url = DEMO_DATABASE.to_owned();
    }
    migrate(&settings.database).await?;
    let app = open(&settings.database).await?;
    let texts = demo::FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    match load_into(&app, texts.collect()).await {
        Ok(report) => {
            print(&format!("{report}\n"))?;
            listen(app, &settings, welcome).await
        }
        Err(failure) => {
            close(app).await;
            Err(failure)
        }
    }
}

async fn listen(app: App, settings: &Settings, greeting: fn(SocketAddr) -> String) -> Result<(), Failure> {
    let stop = stop_signal().map_err(Failure::new)?;
    let backend = Backend::new(app.clone(), graphql::schema(app.clone()));
    // Whether anybody reads the greeting is no reason not to serve.
    let announce = |address| drop(print(&greeting(address)));
    let served = http::serve(backend, &settings.http, announce, stop).await;
    close(app).await;
    served.map_err(Failure::new)
}

/// Opens a database that has the schema that this binary knows, and hands it the clock: nobody else reads the time.
#[expect(clippy::disallowed_methods, reason = "the composition root is where the clock comes from")]
async fn open(database: &Database) -> Result<App, Failure> {
    let clock = || Instant::from(Utc::now());
    let opened = App::open(&database.url, Arc::new(clock)).await;
    opened.map_err(|error| of_database(database, error))
}

async fn close(app: App) {
    if let Err(error) = app.close().await {
        tracing::warn!(%error, "the database did not close well");
    }
}

/// Whoever runs the command may know what went wrong inside; clients may not.
fn of_database(database: &Database, error: Error) -> Failure {
    let reason = match error {
        Error::Internal(reason) => reason,
        other => other.to_string(),
    };
    Failure::new(format!("{}: {reason}", database.masked()))
}

/// Writes to standard output. A reader that has seen enough, such as `head`, is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(error)),
        _ => Ok(()),
    }
}

/// Resolves at SIGTERM or SIGINT. Fails at once if they cannot be heard, rather than never stopping.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Standard output is for answers, so logs go to standard error. A panic is logged with its place and without its text,
/// which may hold anything.
fn log_to_stderr(log: &Log) -> Result<(), Failure> {
    let filter = EnvFilter::builder().parse(&log.filter).map_err(|error| Failure::usage(format!("log: {error}")))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.json {
        true => subscriber.json().init(),
        false => subscriber.init(),
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panic");
    }));
    Ok(())
}

fn welcome(address: SocketAddr) -> String {
    let url = format!("http://{address}");
    let ask = |query: &str| {
        format!("  curl -s {url}/graphql -H 'content-type: application/json' -d '{{\"query\":\"{query}\"}}'\n")
    };
    let queries = [
        r#"{ group(by: {slug: \"kommunchefgruppen\"}) { name members(first: 10) { nodes { person { name } onBehalfOf { name } } } } }"#,
        r#"{ groups(first: 100) { totalCount nodes { name kind } } }"#,
        r#"{ group(by: {slug: \"kommunchefgruppen\"}) { meetingCount(year: 2019) { recorded stated held } } }"#,
        r#"{ search(text: \"ostersund\") { nodes { ... on Organisation { name } ... on Group { name } } } }"#,
    ];
    format!(
        "\nSamverkan is served, with real networks and groups and fictional people.\n\n  \
         GraphQL   {url}/graphql\n  \
         GraphiQL  {url}/graphiql\n  \
         alive?    {url}/health/live\n  \
         ready?    {url}/health/ready\n\n\
         Try:\n{}\nCtrl-C stops it.\n",
        queries.map(ask).concat()
    )
}
