//! Which media type an answer has.

use poem::http::{StatusCode, header};
use samverkan::error::Code;
use samverkan::http::{MediaType, negotiate};
use serde_json::json;

use super::toy::{GRAPHQL_RESPONSE, Toy, assert_refused, client};

#[test]
fn accept_is_negotiated_by_quality() {
    use MediaType::{GraphqlResponse, Json};
    for (accept, expected) in [
        (None, Some(Json)),
        (Some(""), Some(Json)),
        (Some("*/*"), Some(Json)),
        (Some("application/*"), Some(Json)),
        (Some("application/json"), Some(Json)),
        (Some(GRAPHQL_RESPONSE), Some(GraphqlResponse)),
        (Some("application/graphql-response+json, application/json"), Some(GraphqlResponse)),
        (Some("application/json, application/graphql-response+json"), Some(GraphqlResponse)),
        (Some("application/json, application/graphql-response+json;q=0.9"), Some(Json)),
        (Some("application/json;q=0.5, application/graphql-response+json;q=0.9"), Some(GraphqlResponse)),
        (Some("application/json, */*"), Some(Json)),
        (Some("application/graphql-response+json, */*"), Some(GraphqlResponse)),
        (Some("application/json;q=0.1, */*;q=0.5"), Some(GraphqlResponse)),
        (Some("application/json;q=0, */*"), Some(GraphqlResponse)),
        (Some("APPLICATION/JSON; Q=1; charset=UTF-8"), Some(Json)),
        (Some("application/json; charset=iso-8859-1"), None),
        (Some("text/html, text/*;q=0.8"), None),
        (Some("*/*;q=0"), None),
        (Some("application/json;q=2"), None),
        (Some("text/html,application/xhtml+xml,*/*;q=0.8"), Some(Json)),
    ] {
        assert_eq!(negotiate(accept), expected, "{accept:?}");
    }
}

#[tokio::test]
async fn the_answer_is_what_accept_asks_for_or_406() {
    for (accept, kind) in [
        ("*/*", "application/json; charset=utf-8"),
        (GRAPHQL_RESPONSE, "application/graphql-response+json; charset=utf-8"),
    ] {
        let client = client(&Toy::default());
        let request = client.post("/graphql").body_json(&json!({ "query": "{ zebra }" }));
        let response = request.header(header::ACCEPT, accept).send().await;
        response.assert_content_type(kind);
    }
    let client = client(&Toy::default());
    let request = client.post("/graphql").body_json(&json!({ "query": "{ zebra }" }));
    let response = request.header(header::ACCEPT, "text/html").send().await;
    assert_refused(response, StatusCode::NOT_ACCEPTABLE, Code::NotAcceptable).await;
}
