//! What guard and budget take of a request: the look at its JSON and its document, its price, and the points for it.

use std::hint::black_box;
use std::time::{Duration, Instant};

use async_graphql::Variables;
use samverkan::domain::budget::Budgets;
use samverkan::graphql;
use samverkan::http::guard::{self, Known};
use serde::Deserialize;
use uuid::Uuid;

use crate::ask::Ask;
use crate::{Outcome, database, process};

const LASTS: Duration = Duration::from_millis(500);

/// A request, as far as it has a price.
#[derive(Deserialize)]
struct Asked {
    query: String,
    variables: Variables,
}

/// Microseconds for a request, on average over all asks, of documents that have been asked before.
pub async fn micros(url: &str, asks: &[Ask]) -> Outcome<f64> {
    let app = database::open(url).await?;
    let (documents, budgets, holder) = (Known::default(), Budgets::new(process::POINTS), Uuid::nil());
    let parsed = asks.iter().map(|ask| Ok((ask.server.as_str(), serde_json::from_str::<Asked>(&ask.server)?)));
    let parsed = parsed.collect::<Outcome<Vec<_>>>()?;
    let (start, mut rounds) = (Instant::now(), 0);
    while start.elapsed() < LASTS {
        for (body, asked) in &parsed {
            guard::check_json(black_box(body).as_bytes()).map_err(|refusal| refusal.message)?;
            let checked = documents.check(&asked.query, None).map_err(|refusal| refusal.message)?;
            let mut variables = asked.variables.clone();
            let document = checked.filled_in(&mut variables);
            let points = graphql::cost(&document, None, &variables).points();
            let standing = budgets.spend(&app, holder, points).await?;
            black_box(standing.map_err(|exhausted| format!("{exhausted:?}"))?);
        }
        rounds += 1;
    }
    let took = start.elapsed();
    app.close().await?;
    Ok(took.as_secs_f64() * 1e6 / f64::from(rounds) / parsed.len() as f64)
}
