//! How many SQL statements a request takes, counted in this process: the server's routes without a socket, the same token.

use std::sync::Arc;

use entity::values::Instant;
use poem::EndpointExt;
use poem::test::TestClient;
use samverkan::app::App;
use samverkan::auth::Tokens;
use samverkan::http::{self, Backend};
use samverkan::{config, graphql};

use crate::Outcome;
use crate::ask::Ask;
use crate::workload::Workload;

/// The fewest and the most that one of the asks takes, the look-up of who asks, or of whose file it is, included.
pub async fn statements(workload: Workload, database: &str, token: &str, asks: &[Ask]) -> Outcome<(u64, u64)> {
    #[expect(clippy::disallowed_methods, reason = "a program of its own")]
    let app = App::open(database, Arc::new(|| Instant::from(chrono::Utc::now()))).await?;
    let tokens = Tokens::new(app.clone(), &config::Tokens { own: true, issuers: Vec::new() })?;
    let backend = Backend::new(app.clone(), graphql::schema(app.clone()), tokens);
    let settings = config::Http::default();
    let door = TestClient::new(http::routes_to(backend, &settings)?.map_to_response());
    let (mut fewest, mut most) = (u64::MAX, 0);
    for ask in asks {
        let before = app.db.statements();
        let request = match workload.is_file() {
            true => door.get(&ask.server),
            false => {
                let request = door.post("/graphql").header("authorization", format!("Bearer {token}"));
                request.content_type("application/json").body(ask.server.clone())
            }
        };
        let answer = request.send().await.0.into_body().into_string().await?;
        if !["{\"data\":{", "BEGIN:VCALENDAR"].iter().any(|start| answer.starts_with(start)) {
            return Err(answer.into());
        }
        let taken = app.db.statements() - before;
        (fewest, most) = (fewest.min(taken), most.max(taken));
    }
    app.close().await?;
    Ok((fewest, most))
}
