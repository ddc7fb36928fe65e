//! Who sends a request, and in which language they are answered.

use poem::http::{StatusCode, header};
use poem::test::TestResponse;
use samverkan::error::{Code, Language};
use samverkan::http::preferred;
use samverkan::policy::Actor;
use serde_json::json;

use super::toy::{Toy, assert_refused, body_of, client};

async fn ask(authorizations: &[&str], more: Option<(&'static str, &str)>) -> TestResponse {
    let client = client(&Toy::default());
    let mut request = client.post("/graphql").body_json(&json!({ "query": "{ caller }" }));
    for authorization in authorizations {
        request = request.header(header::AUTHORIZATION, *authorization);
    }
    if let Some((name, value)) = more {
        request = request.header(name, value);
    }
    request.send().await
}

async fn caller(authorizations: &[&str], more: Option<(&'static str, &str)>) -> String {
    let body = body_of(ask(authorizations, more).await).await;
    body["data"]["caller"].as_str().expect("a caller").to_owned()
}

#[tokio::test]
async fn a_token_says_who_asks_and_nobody_else_is_the_public() {
    assert_eq!(caller(&[], None).await, "public English");
    assert_eq!(caller(&["Bearer anna"], None).await, "anna English");
}

#[tokio::test]
async fn credentials_that_prove_nothing_are_401() {
    let invalid = "Bearer error=\"invalid_token\", error_description=\"the token has expired\"";
    for (authorizations, challenge) in [
        (["Bearer abc"].as_slice(), "Bearer"),
        (&["Basic abc"], "Bearer"),
        (&[""], "Bearer"),
        (&["Bearer anna", "Bearer anna"], "Bearer"),
        (&["Bearer expired"], invalid),
    ] {
        let response = ask(authorizations, None).await;
        response.assert_header(header::WWW_AUTHENTICATE, challenge);
        assert_refused(response, StatusCode::UNAUTHORIZED, Code::Unauthenticated).await;
    }
    // Also where nothing is asked that takes a sign-in, or nothing that can be answered.
    let client = client(&Toy::default());
    for query in ["{ __typename }", "{", "{ nothing }"] {
        let request = client.get("/graphql").query("query", &query);
        let response = request.header(header::AUTHORIZATION, "Bearer abc").send().await;
        assert_refused(response, StatusCode::UNAUTHORIZED, Code::Unauthenticated).await;
    }
}

#[tokio::test]
async fn who_cannot_be_looked_up_is_not_taken_for_the_public() {
    let fails = ask(&["Bearer fails"], Some(("x-request-id", "abc-1"))).await;
    assert_eq!(fails.0.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = body_of(fails).await;
    assert_eq!(body["errors"][0]["extensions"], json!({ "code": "INTERNAL", "requestId": "abc-1" }));
    assert!(body.get("data").is_none() && !body.to_string().contains("secrets"), "{body}");
    let unready = ask(&["Bearer unready"], None).await;
    assert_refused(unready, StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable).await;
}

#[tokio::test]
async fn a_test_may_say_who_asks() {
    let client = client(&Toy::default());
    let request = client.post("/graphql").body_json(&json!({ "query": "{ caller }" }));
    let response = request.data(Actor::public()).header(header::AUTHORIZATION, "Bearer abc").send().await;
    assert_eq!(body_of(response).await["data"]["caller"], "public English");
}

#[test]
fn swedish_is_spoken_to_those_who_prefer_it_to_english() {
    use Language::{English, Swedish};
    for (accept, expected) in [
        (None, English),
        (Some(""), English),
        (Some("*"), English),
        (Some("sv"), Swedish),
        (Some("SV-se"), Swedish),
        (Some("sv-FI, en;q=0.5"), Swedish),
        (Some("sv;q=0.5, en"), English),
        (Some("en, sv;q=0.9"), English),
        (Some("en;q=0.8, sv;q=0.9"), Swedish),
        (Some("sv-SE,sv;q=0.9,en-US;q=0.8,en;q=0.7"), Swedish),
        (Some("en-US,en;q=0.9,sv;q=0.8"), English),
        (Some("sv-FI;q=0.1, en;q=0.5, sv;q=0.9"), Swedish),
        (Some("sv, en"), Swedish),
        (Some("en, sv"), English),
        (Some("de, sv;q=0.3"), Swedish),
        (Some("de, fi;q=0.3"), English),
        (Some("sv;q=0"), English),
        (Some("sv;q=0, *"), English),
        (Some("en;q=0, *"), Swedish),
        (Some("*, en;q=0.5"), Swedish),
        (Some("sv;q=2"), English),
        (Some("sv;level=1"), English),
        (Some("svx"), English),
        (Some(" sv ; q = 0.9 ,en;q=0.1"), Swedish),
    ] {
        assert_eq!(preferred(accept), expected, "{accept:?}");
    }
}

#[tokio::test]
async fn answers_say_their_language_and_that_it_was_asked_for() {
    for (accept, tag, language) in [("sv, en;q=0.5", "sv", "Swedish"), ("en", "en", "English"), ("", "en", "English")] {
        let response = ask(&["Bearer anna"], Some(("accept-language", accept))).await;
        response.assert_header(header::CONTENT_LANGUAGE, tag);
        let vary = response.0.header(header::VARY).expect("it varies").to_owned();
        assert!(vary.split(", ").any(|name| name == "accept-language"), "{vary}");
        assert_eq!(body_of(response).await["data"]["caller"], format!("anna {language}"));
    }
    let refused = ask(&["Basic abc"], Some(("accept-language", "sv"))).await;
    refused.assert_header(header::CONTENT_LANGUAGE, "en");
}
