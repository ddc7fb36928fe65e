//! What `serve --demo` says: where things are, what to ask, and whom one can be.

use std::net::SocketAddr;

use entity::values::Role;
use samverkan::policy::Claim;

use super::HOURS;

const GROUP: &str = "vard-och-omsorgscollege";
const ORGANISATION: &str = "bracke";

const QUERIES: [&str; 4] = [
    r#"{ group(by: {slug: \"kommunchefgruppen\"}) { name members(first: 10) { nodes { person { name } onBehalfOf { name } } } } }"#,
    r#"{ groups(first: 100) { totalCount nodes { name kind } } }"#,
    r#"{ group(by: {slug: \"kommunchefgruppen\"}) { meetingCount(year: 2019) { recorded stated held } } }"#,
    r#"{ search(text: \"ostersund\") { nodes { ... on Organisation { name } ... on Group { name } } } }"#,
];
const SIGNED_IN: &str = r#"{ people(filter: {text: \"osten\"}) { nodes { name contactPoints { label text } } } }"#;

/// Whom one can be: a name for each role, and what they may.
pub fn demo_claims() -> [(&'static str, Option<Claim>); 5] {
    let claim = |role, place: Option<&str>| Some(Claim { role, place: place.map(str::to_owned) });
    [
        ("administrator", claim(Role::Administrator, None)),
        ("auditor", claim(Role::Auditor, None)),
        ("coordinator", claim(Role::Coordinator, Some(GROUP))),
        ("representative", claim(Role::Representative, Some(ORGANISATION))),
        ("signed-in", None),
    ]
}

/// Where it is served, and how to ask it.
pub fn welcome(address: SocketAddr, tokens: &[(&str, String)]) -> String {
    let url = format!("http://{address}");
    let ask = |query: &str, token: &str| {
        format!("  curl -s {url}/graphql -H 'content-type: application/json'{token} -d '{{\"query\":\"{query}\"}}'\n")
    };
    let asked = QUERIES.map(|query| ask(query, "")).concat();
    let listed: String = tokens.iter().map(|(name, token)| format!("  {name}\n    {token}\n")).collect();
    let as_somebody = tokens.last().map_or_else(String::new, |(_, token)| {
        format!(
            "\nTokens, for {HOURS} hours. The coordinator keeps the group {GROUP}, the representative {ORGANISATION}:\n{listed}\n\
             Who has signed in sees more, such as this private number:\n{}",
            ask(SIGNED_IN, &format!(" -H 'authorization: Bearer {token}'"))
        )
    });
    format!(
        "\nSamverkan is served, with real networks and groups and fictional people.\n\n  \
         GraphQL   {url}/graphql\n  \
         GraphiQL  {url}/graphiql\n  \
         alive?    {url}/health/live\n  \
         ready?    {url}/health/ready\n\n\
         Try:\n{asked}{as_somebody}\nCtrl-C stops it.\n"
    )
}
