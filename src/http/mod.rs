//! The doors: which paths there are, and what stands in them.
//!
//! | path | what |
//! | --- | --- |
//! | `/` | what there is |
//! | `/graphql` | GraphQL over HTTP |
//! | `/people/ID.vcf`, `/people/ID.json` | a person's card |
//! | `/groups/SLUG.vcf`, `/groups/SLUG.json` | the cards of a group and its members |
//! | `/groups/SLUG.ics`, `/organisations/SLUG.ics` | the calendar of a group, or of an organisation |
//! | `/calendars/SECRET.ics` | the calendar of whoever made it |
//! | `/graphiql` | a page to ask from, `/graphiql?plain` without GraphiQL; not in production |
//! | `/health/live`, `/health/ready` | is it alive, can it answer |
//! | `/metrics` | numbers for Prometheus, at a door of its own |

mod accept;
mod answer;
mod backend;
mod calendar;
mod caller;
mod card;
mod charge;
mod connection;
mod events;
mod file;
mod graphiql;
mod graphql;
pub mod guard;
mod health;
mod kept;
mod language;
mod metrics;
mod network;
mod observe;
mod operation;
mod origin;
mod plain;
mod receive;
mod serve;
mod service;
mod session;
mod socket;
mod stored;
mod trace;

use std::io;
use std::sync::Arc;

use poem::http::header;
use poem::middleware::Compression;
use poem::web::{CompressionAlgo, CompressionLevel};
use poem::{Endpoint, EndpointExt, Response, Route, get, handler};

pub use accept::{MediaType, negotiate, takes_events};
pub use backend::{Arrival, Backend, Unknown};
pub use file::{File, FileAsked};
pub use language::preferred;
pub use receive::MAX_BODY;
pub use serve::serve;

use crate::config::Http;
use crate::domain::calendar::{CALENDARS, ORGANISATIONS};
use crate::domain::card::{GROUPS, PEOPLE};
use service::Service;

/// All paths. Fails when GraphiQL's files are asked for and are not there, or stored documents cannot be read.
pub fn routes_to(backend: Backend, settings: &Http) -> io::Result<impl Endpoint<Output = Response> + use<>> {
    endpoint(Arc::new(Service::new(backend, settings)?), settings)
}

/// What of the settings cannot be served by, each with the setting.
pub async fn unservable(settings: &Http) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for (setting, listen) in [("listen", Some(&settings.listen)), ("metrics_listen", settings.metrics_listen.as_ref())]
    {
        if let Some(listen) = listen
            && let Err(error) = serve::try_listening(listen).await
        {
            found.push((setting, error.to_string()));
        }
    }
    if let Err(error) = graphiql::Graphiql::new(settings.graphiql_assets.as_deref()) {
        found.push(("graphiql_assets", error.to_string()));
    }
    if let Err(error) = stored::Stored::read(settings) {
        found.push(("stored_documents", error.to_string()));
    }
    found
}

fn endpoint(service: Arc<Service>, settings: &Http) -> io::Result<impl Endpoint<Output = Response> + use<>> {
    let graphiql = graphiql::Graphiql::new(settings.graphiql_assets.as_deref())?;
    let graphql = graphql::Graphql { service: service.clone() };
    // Not zstd: poem 3.1.12 misspells it. Fastest: answers are made anew each time.
    let compression = Compression::new()
        .algorithms([CompressionAlgo::BR, CompressionAlgo::GZIP])
        .with_quality(CompressionLevel::Fastest);
    let files =
        |folder: &str, asked| (format!("{folder}{}", file::NAME), get(file::Files { service: service.clone(), asked }));
    let (people, person) = files(PEOPLE, card::of_person);
    let (groups, group) = files(GROUPS, calendar::of_group);
    let (organisations, organisation) = files(ORGANISATIONS, calendar::of_organisation);
    let (calendars, owner) = files(CALENDARS, calendar::of_owner);
    let mut routes = Route::new().at("/", get(index)).at("/graphql", graphql);
    if !settings.production {
        routes = routes.at("/graphiql", get(graphiql::show)).at("/graphiql/assets/:name", get(graphiql::asset));
    }
    let routes = routes
        .at("/health/live", get(health::live))
        .at("/health/ready", get(health::ready))
        .data(service.clone())
        .data(Arc::new(graphiql))
        .with(compression);
    let routes = Route::new()
        .at(people, person)
        .at(groups, group)
        .at(organisations, organisation)
        .at(calendars, owner)
        .nest_no_strip("/", routes);
    Ok(observe::Observe { routes, service })
}

/// What stands behind the door that only Prometheus knows.
fn metrics_page(service: Arc<Service>) -> impl Endpoint<Output = Response> + use<> {
    Route::new().at(metrics::PATH, get(metrics::show)).data(service)
}

#[handler]
fn index() -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        )
        .body(include_str!("page/index.html"))
}
