//! What the command line accepts, and what it says of itself. Part of the binary, not of the library.

mod demo;
mod generate;
mod grant;
pub mod log;
mod token;
#[cfg_attr(not(feature = "opentelemetry"), path = "cli/traces/none.rs")]
mod traces;

use std::fmt::Display;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use samverkan::config::Flags;

pub use demo::{demo_claims, welcome};
pub use generate::{GenerateFlags, bar};
pub use grant::GrantFlags;
pub use token::{HOURS, TokenFlags};
pub use traces::Traces;

/// The directory of how organisations work together, served as GraphQL.
#[derive(Parser)]
#[command(name = "samverkan", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    global: Global,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve the directory over HTTP until SIGTERM or Ctrl-C
    #[command(after_help = SERVE)]
    Serve {
        /// Load the published directory with fictional holders into a database of its own, and serve that
        #[arg(long)]
        demo: bool,
        /// Look at all settings and what they name, say everything that is wrong, and serve nothing
        #[arg(long, conflicts_with = "demo")]
        check_config: bool,
        #[command(flatten)]
        http: HttpFlags,
    },
    /// Bring the database to the schema that this version knows
    Migrate,
    /// Print the GraphQL schema
    Schema,
    /// Print a token, signed with the database's own key
    #[command(after_help = token::EXAMPLES)]
    Token(TokenFlags),
    /// Let somebody do something: so the first administrator comes to be
    #[command(after_help = grant::EXAMPLES)]
    Grant(GrantFlags),
    /// Load directory files: all of them or, if anything is wrong with one, nothing
    #[command(after_help = LOAD)]
    Load {
        /// Directory files, loaded together; they may refer to each other
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Fill an empty database with a fictional directory, to measure and to try things out at size
    #[command(after_help = generate::EXAMPLES)]
    Generate(GenerateFlags),
}

#[derive(Args)]
struct Global {
    /// Where the directory is kept: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Read settings from this file instead of samverkan.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Args)]
pub struct HttpFlags {
    /// Where to listen
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
    /// Serve GraphiQL from here instead of its CDN; in DIR run
    /// `npm install graphiql@4.1.2 react@18.3.1 react-dom@18.3.1`
    #[arg(long, value_name = "DIR")]
    graphiql_assets: Option<String>,
}

impl Cli {
    pub fn flags(&self) -> Flags {
        let (listen, graphiql_assets) = match &self.command {
            Command::Serve { http, .. } => (http.listen.clone(), http.graphiql_assets.clone()),
            _ => (None, None),
        };
        Flags {
            config: self.global.config.clone(),
            database_url: self.global.database_url.clone(),
            listen,
            graphiql_assets,
        }
    }
}

/// Why the command ends badly: a line for each reason, and an exit code.
pub struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// It was asked rightly and went wrong.
    pub fn new(message: impl Display) -> Self {
        let message = message.to_string();
        Self { message, code: 1 }
    }

    /// It was asked wrongly: flags, variables, the settings file.
    pub fn usage(message: impl Display) -> Self {
        let message = message.to_string();
        Self { message, code: 2 }
    }

    pub fn tell(self) -> ExitCode {
        for line in self.message.lines() {
            eprintln!("samverkan: {line}");
        }
        ExitCode::from(self.code)
    }
}

const EXAMPLES: &str = "\
Examples:
  samverkan serve --demo                  look around: real networks, fictional people
  samverkan migrate                       make or update samverkan.db
  samverkan load data/*.toml              fill it; loading twice changes nothing
  samverkan serve                         serve it on http://127.0.0.1:8080
  samverkan token --role administrator    a token for twelve hours, to try things out
  samverkan grant --help                  make the first administrator
  samverkan schema > schema.graphql       the API, for code generators

Settings: defaults, then samverkan.toml (or --config FILE), then the environment, then flags.
  database_url     SAMVERKAN_DATABASE_URL     sqlite://samverkan.db
  listen           SAMVERKAN_LISTEN           127.0.0.1:8080
  public_url       SAMVERKAN_PUBLIC_URL       http:// and what it listens on
  mode             SAMVERKAN_MODE             development (or production)
  allowed_origins  SAMVERKAN_ALLOWED_ORIGINS  (none)
  points_per_minute
                   SAMVERKAN_POINTS_PER_MINUTE
                                              2000000 (or off)
  trusted_proxies  SAMVERKAN_TRUSTED_PROXIES  (none)
  stored_documents SAMVERKAN_STORED_DOCUMENTS (none)
  only_stored_documents
                   SAMVERKAN_ONLY_STORED_DOCUMENTS
                                              off (or on)
  graphiql_assets  SAMVERKAN_GRAPHIQL_ASSETS  (GraphiQL comes from its CDN)
  smtp_url         SAMVERKAN_SMTP_URL         (no invitations by e-mail)
  mail_from        SAMVERKAN_MAIL_FROM        (none)
  metrics_listen   SAMVERKAN_METRICS_LISTEN   (none)
  own_tokens       SAMVERKAN_OWN_TOKENS       on, or off when there are issuers
  issuers                                     none (tables in the file: see the README)
  log              SAMVERKAN_LOG              samverkan=info,warn
  log_format       SAMVERKAN_LOG_FORMAT       text (or json)
Settings that are not in this list are refused.

Exit codes: 0 done, 1 failed, 2 asked wrongly.";

const SERVE: &str = "\
The database must have the schema that this version knows: run `samverkan migrate` first. With --demo that happens by
itself, in samverkan-demo.db, unless --database-url or SAMVERKAN_DATABASE_URL names another.

Examples:
  samverkan serve --demo
  samverkan serve --check-config
  samverkan serve --listen 0.0.0.0:8080 --database-url postgres://samverkan@db.example/samverkan
  samverkan serve --graphiql-assets /srv/graphiql";

const LOAD: &str = "\
Prints what changed. A file that says something impossible is not loaded, nor are the others; every problem is printed
as FILE:LINE: FIELD: MESSAGE.

Examples:
  samverkan load data/*.toml
  samverkan load --database-url sqlite://try.db data/organisations.toml data/groups.toml";
