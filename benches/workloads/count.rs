//! How many SQL statements a request takes, counted in this process: the server's routes without a socket, the same token.

use poem::EndpointExt;
use poem::test::TestClient;
use samverkan::auth::Tokens;
use samverkan::http::{self, Backend};
use samverkan::{config, graphql};

use crate::ask::Ask;
use crate::workload::Workload;
use crate::{Outcome, database};

/// The fewest and the most that one of the asks takes, the look-up of who asks, or of whose file it is, included.
pub async fn statements(workload: Workload, url: &str, token: &str, asks: &[Ask]) -> Outcome<(u64, u64)> {
    let app = database::open(url).await?;
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
