//! The composition root: settings in, one command done, an exit code out.

mod cli;

use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use clap::Parser;
use entity::values::{Instant, Period, SubjectKind};
use samverkan::app::{self, App, Clock};
use samverkan::auth::{self, Tokens};
use samverkan::config::{Database, Flags, Settings};
use samverkan::domain::grant::GrantInput;
use samverkan::error::Error;
use samverkan::http::Backend;
use samverkan::mail::Mail;
use samverkan::policy::{Claim, SignIn};
use samverkan::{demo, domain, graphql, http, policy};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use cli::{Cli, Command, Failure, GenerateFlags, GrantFlags, HOURS, TokenFlags, Traces, log, welcome};

/// The system's allocator takes a quarter of the time that an answer takes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DEMO_DATABASE: &str = "sqlite://samverkan-demo.db";
/// How long a message that is being sent may take when the server stops.
const LAST_LETTER: Duration = Duration::from_millis(500);

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
    if let Command::Serve { check_config: true, .. } = cli.command {
        return check(&cli.flags()).await;
    }
    let settings = Settings::read(&cli.flags()).map_err(Failure::usage)?;
    let traces = match cli.command {
        Command::Serve { .. } => {
            Traces::from_environment().map_err(|(variable, why)| Failure::usage(format!("{variable}: {why}")))?
        }
        _ => Traces::off(),
    };
    log::begin(&settings.log, &traces)?;
    let done = run_command(settings, cli.command).await;
    traces.close();
    done
}

async fn run_command(settings: Settings, command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve { demo: false, .. } => serve(&settings).await,
        Command::Serve { demo: true, .. } => serve_demo(settings).await,
        Command::Migrate => migrate(&settings.database).await,
        Command::Grant(flags) => grant(&settings, &flags).await,
        Command::Token(flags) => token(&settings, &flags).await,
        Command::Load { files } => load(&settings.database, &files).await,
        Command::Generate(flags) => generate(&settings.database, &flags).await,
        Command::Schema => Ok(()),
    }
}

async fn migrate(database: &Database) -> Result<(), Failure> {
    let migrated = app::migrate(&database.url, &clock()).await;
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

async fn generate(database: &Database, flags: &GenerateFlags) -> Result<(), Failure> {
    let app = open(database).await?;
    let size = flags.size();
    let bar = cli::bar(size.total());
    let progress = |rows: usize| bar.inc(rows as u64);
    let generated = domain::generate::generate(&app, size, flags.seed, &progress).await;
    bar.finish_and_clear();
    close(app).await;
    generated.map_err(|error| of_database(database, error))?;
    print(&format!("{}: generated and proved: rows of five kinds: {}\n", database.masked(), size.total()))
}

async fn token(settings: &Settings, flags: &TokenFlags) -> Result<(), Failure> {
    let claim = flags.claim().map_err(Failure::usage)?;
    if !settings.tokens.own {
        return Err(Failure::new("no server with these settings would accept it: own_tokens is off"));
    }
    let app = open(&settings.database).await?;
    let issued = auth::issue(&app, &flags.subject(), claim.clone(), flags.hours).await;
    close(app).await;
    let token = issued.map_err(|error| match (error, claim) {
        (Error::NotFound, Some(claim)) => Failure::new(nowhere(&claim)),
        (error, _) => of_database(&settings.database, error),
    })?;
    print(&format!("{token}\n"))
}

async fn grant(settings: &Settings, flags: &GrantFlags) -> Result<(), Failure> {
    let claim = flags.claim().map_err(Failure::usage)?;
    let app = open(&settings.database).await?;
    let given = give(&app, flags.sign_in(), &claim).await;
    close(app).await;
    given.map_err(|error| match error {
        Error::NotFound => Failure::new(nowhere(&claim)),
        error => of_database(&settings.database, error),
    })?;
    let issuer = flags.sign_in().issuer;
    let trusted = match issuer.as_str() {
        auth::ISSUER => settings.tokens.own,
        issuer => settings.tokens.issuers.iter().any(|known| known.issuer == issuer),
    };
    if !trusted {
        eprintln!("samverkan: note that no server with these settings accepts tokens of {issuer}");
    }
    print("granted\n")
}

async fn give(app: &App, sign_in: SignIn, claim: &Claim) -> Result<(), Error> {
    let place = policy::locate(app, claim).await?;
    let at = |kind| place.filter(|_| claim.role.place() == Some(kind));
    let period = Period::new(Some(app.today()), None).map_err(|wrong| Error::Internal(wrong.to_string()))?;
    let (group, organisation) = (at(SubjectKind::Group), at(SubjectKind::Organisation));
    let input = GrantInput { sign_in, role: claim.role, group, organisation, period };
    domain::grant::give_by_command(app, input).await.map(drop)
}

fn nowhere(claim: &Claim) -> String {
    let noun = if claim.role.place() == Some(SubjectKind::Group) { "group" } else { "organisation" };
    format!("there is no {noun} with the slug {}", claim.place.as_deref().unwrap_or_default())
}

/// Says all that would keep the server from serving as the settings want it.
async fn check(flags: &Flags) -> Result<(), Failure> {
    let (settings, wrong) = Settings::check(flags);
    let mut problems: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    if let Some(settings) = settings {
        let sound = |setting: &str| !wrong.iter().any(|error| error.setting == Some(setting));
        let found = unservable(&settings).await.into_iter().filter(|(setting, _)| sound(setting));
        problems.extend(found.map(|(setting, why)| format!("{setting}: {why}")));
    }
    if problems.is_empty() {
        return print("The settings are right, and so is what they name.\n");
    }
    Err(Failure::usage(problems.join("\n")))
}

/// What of the settings does not hold in the world as it is, each with the setting.
async fn unservable(settings: &Settings) -> Vec<(&'static str, String)> {
    let mut found = http::unservable(&settings.http).await;
    if let Err(error) = log::filter(&settings.log) {
        found.push(("log", error));
    }
    if let Err(error) = Traces::from_environment() {
        found.push(error);
    }
    if let Some(Err(error)) = settings.mail.as_ref().map(Mail::new) {
        found.push(("smtp_url", reason(error)));
    }
    let database = &settings.database;
    match App::open(&database.url, clock()).await {
        Ok(app) => {
            if let Err(error) = Tokens::new(app.clone(), &settings.tokens) {
                found.push(("issuers", reason(error)));
            }
            close(app).await;
        }
        Err(error) => found.push(("database_url", format!("{}: {}", database.masked(), reason(error)))),
    }
    found
}

async fn serve(settings: &Settings) -> Result<(), Failure> {
    let app = open(&settings.database).await?;
    listen(app, settings, |address| format!("Listening on http://{address}\n")).await
}

/// The demonstration has a database of its own: a settings file that names a real one is no reason to put fictional
/// people into it.
async fn serve_demo(mut settings: Settings) -> Result<(), Failure> {
    // Real people are among those whom it shows.
    settings.mail = None;
    if !settings.database.chosen {
        settings.database.url = DEMO_DATABASE.to_owned();
    }
    migrate(&settings.database).await?;
    let app = open(&settings.database).await?;
    match load_demo(&app).await {
        Ok(report) => {
            print(&format!("{report}\n"))?;
            let tokens = match settings.tokens.own {
                true => demo_tokens(&app).await?,
                false => Vec::new(),
            };
            listen(app, &settings, |address| welcome(address, &tokens)).await
        }
        Err(failure) => {
            close(app).await;
            Err(failure)
        }
    }
}

/// What somebody has changed in the demonstration since it was loaded stays as they left it.
async fn load_demo(app: &App) -> Result<String, Failure> {
    if domain::load::was_changed_since(app).await.map_err(Failure::new)? {
        return Ok("The demonstration is as it was left; without its database it begins anew.".to_owned());
    }
    let texts = demo::FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    load_into(app, texts.collect()).await
}

/// A token for each role, of the same people each time.
async fn demo_tokens(app: &App) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut tokens = Vec::new();
    for (subject, claim) in cli::demo_claims() {
        let token = auth::issue(app, subject, claim, HOURS).await.map_err(Failure::new)?;
        tokens.push((subject, token));
    }
    Ok(tokens)
}

async fn listen(app: App, settings: &Settings, greeting: impl Fn(SocketAddr) -> String) -> Result<(), Failure> {
    let stopped = stop_signal().map_err(Failure::new)?;
    let app = app.found_at(&settings.public_url);
    let tokens = Tokens::new(app.clone(), &settings.tokens).map_err(Failure::new)?;
    let backend = Backend::new(app.clone(), graphql::schema(app.clone()), tokens);
    let backend = match settings.http.points_per_minute {
        Some(points) => backend.with_budgets(app.clone(), points).charging_time(),
        None => backend,
    };
    // Whether anybody reads the greeting is no reason not to serve.
    let announce = |address| drop(print(&greeting(address)));
    let (stopping, stop) = watch::channel(false);
    let stopped = async move {
        stopped.await;
        stopping.send_replace(true);
    };
    let post = send_mail(&app, settings, stop).await?;
    let served = http::serve(backend, &settings.http, announce, stopped).await;
    if let Some(mut post) = post
        && timeout(LAST_LETTER, &mut post).await.is_err()
    {
        post.abort();
    }
    close(app).await;
    served.map_err(Failure::new)
}

/// Sends invitations beside what is served, if there is a mail server.
async fn send_mail(
    app: &App,
    settings: &Settings,
    stop: watch::Receiver<bool>,
) -> Result<Option<JoinHandle<()>>, Failure> {
    let Some(mail) = &settings.mail else { return Ok(None) };
    let mail = Mail::new(mail).map_err(|error| Failure::usage(reason(error)))?;
    let begun = domain::meeting_invitation::begin(app).await;
    begun.map_err(|error| of_database(&settings.database, error))?;
    Ok(Some(tokio::spawn(domain::meeting_invitation::work(app.clone(), mail, stop))))
}

/// Opens a database that has the schema that this binary knows, and hands it the clock: nobody else reads the time.
async fn open(database: &Database) -> Result<App, Failure> {
    let opened = App::open(&database.url, clock()).await;
    opened.map_err(|error| of_database(database, error))
}

#[expect(clippy::disallowed_methods, reason = "the composition root is where the clock comes from")]
fn clock() -> Clock {
    Arc::new(|| Instant::from(Utc::now()))
}

async fn close(app: App) {
    if let Err(error) = app.close().await {
        tracing::warn!(%error, "the database did not close well");
    }
}

/// Whoever runs the command may know what went wrong inside; clients may not.
fn of_database(database: &Database, error: Error) -> Failure {
    Failure::new(format!("{}: {}", database.masked(), reason(error)))
}

fn reason(error: Error) -> String {
    match error {
        Error::Internal(reason) => reason,
        other => other.to_string(),
    }
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
