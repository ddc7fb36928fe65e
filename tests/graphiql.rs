//! The page to ask from: GraphiQL held to its hashes, from a CDN or from a directory, and a form that needs neither.

use std::fs;
use std::path::{Path, PathBuf};

use async_graphql::Response as Executed;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use poem::http::{StatusCode, header};
use poem::test::TestClient;
use poem::{Endpoint, Response};
use samverkan::config::Http;
use samverkan::http::{Backend, routes_to};
use samverkan::policy::Actor;
use sha2::{Digest, Sha256};

fn routes(assets: Option<PathBuf>) -> std::io::Result<impl Endpoint<Output = Response>> {
    let settings = Http { graphiql_assets: assets, ..Http::default() };
    let backend = Backend::of(
        |_, _| async { Executed::default() },
        |_, _| async { Ok(None) },
        |_| async { Ok(Actor::public().into()) },
        || async { true },
        || "test".to_owned(),
    );
    routes_to(backend, &settings)
}

async fn page(path: &str) -> (String, String) {
    let client = TestClient::new(routes(None).expect("no assets to miss"));
    let response = client.get(path).send().await;
    response.assert_status_is_ok();
    response.assert_content_type("text/html; charset=utf-8");
    let policy = response.0.header(header::CONTENT_SECURITY_POLICY);
    let policy = policy.expect("a policy").to_owned();
    let text = response.0.into_body().into_string().await;
    (text.expect("a page"), policy)
}

/// What stands between two marks, each time.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open).skip(1).filter_map(|rest| rest.split(close).next()).collect()
}

#[tokio::test]
async fn everything_from_elsewhere_has_an_exact_version_and_a_hash() {
    let (page, policy) = page("/graphiql").await;
    let tags: Vec<&str> = page.lines().filter(|line| line.contains("https://")).collect();
    assert_eq!(tags.len(), 4, "{tags:?}");
    for tag in tags {
        assert!(tag.contains(r#" integrity="sha384-"#), "{tag}");
        assert!(tag.contains(r#" crossorigin="anonymous""#), "{tag}");
        let url = between(tag, "https://", "\"")[0];
        let version = url.split('@').nth(1).and_then(|rest| rest.split('/').next());
        let numbers = version.unwrap_or_default().split('.').map(str::parse::<u32>);
        assert_eq!(numbers.filter(Result::is_ok).count(), 3, "{url}");
        assert!(policy.contains(&format!("https://{url}")), "{url} is not allowed: {policy}");
    }
}

#[tokio::test]
async fn the_policy_allows_our_script_by_its_hash_and_no_other_inline() {
    for path in ["/graphiql", "/graphiql?plain"] {
        let (page, policy) = page(path).await;
        let script = between(&page, "<script>", "</script>")[0];
        let hash = STANDARD.encode(Sha256::digest(script));
        let scripts = between(&policy, "script-src ", ";")[0];
        assert!(scripts.contains(&format!("'sha256-{hash}'")), "{path}");
        assert!(!scripts.contains("unsafe"), "{scripts}");
        for attribute in ["onload=", "onerror=", "onclick="] {
            assert!(!page.contains(attribute), "{attribute} would not run");
        }
    }
}

#[tokio::test]
async fn the_form_is_whole_without_anything_from_elsewhere() {
    let (page, _) = page("/graphiql?plain").await;
    assert!(!page.contains("https://"));
    for id in ["query", "variables", "token"] {
        assert!(page.contains(&format!("<label for=\"{id}\"")), "{id} has a label");
        assert!(page.contains(&format!("id=\"{id}\"")), "{id} is there");
    }
    assert!(page.contains(r#"role="status""#));
    // The query that it begins with is within the limits.
    let query = between(&page, "required>", "</textarea>")[0];
    samverkan::http::guard::check(query, None).expect("a query that is answered");
    // Neither does GraphiQL keep one in the browser, nor offer to.
    for setting in ["storage: forgetful()", "shouldPersistHeaders: false", "showPersistHeadersSettings: false"] {
        assert!(page.contains(setting), "{setting}");
    }
    assert!(!page.contains("localStorage") && !page.contains("sessionStorage"));
    // A token is never sent in a URL, not even where no script runs.
    assert!(!page.contains(r#"name="token""#));
}

fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&path).expect("a directory");
    path
}

#[test]
fn assets_that_are_missing_or_others_are_refused_at_start() {
    let path = directory("graphiql-assets");
    let missing = routes(Some(path.clone())).err().expect("there is nothing");
    assert!(missing.to_string().contains("graphiql.min.css"), "{missing}");
    let package = path.join("node_modules/graphiql");
    fs::create_dir_all(&package).expect("a directory");
    fs::write(package.join("graphiql.min.css"), "body {}").expect("a file");
    let other = routes(Some(path.clone())).err().expect("another file");
    assert!(other.to_string().contains("npm install graphiql@4.1.2"), "{other}");
    fs::remove_dir_all(path).expect("ours to remove");
}

#[tokio::test]
async fn there_is_no_way_from_a_url_to_the_file_system() {
    let client = TestClient::new(routes(None).expect("no assets to miss"));
    for path in ["graphiql.min.js", "..%2f..%2fCargo.toml", "%2fetc%2fpasswd", "../../Cargo.toml", ""] {
        let response = client.get(format!("/graphiql/assets/{path}")).send().await;
        response.assert_status(StatusCode::NOT_FOUND);
    }
}

/// With GraphiQL installed, SAMVERKAN_TEST_GRAPHIQL names where; otherwise there is nothing to serve.
#[tokio::test]
async fn installed_assets_are_served_with_the_hashes_that_the_page_names() {
    let Some(path) = std::env::var_os("SAMVERKAN_TEST_GRAPHIQL") else {
        return;
    };
    let client = TestClient::new(routes(Some(path.into())).expect("assets"));
    let page = client.get("/graphiql").send().await.0.into_body();
    let page = page.into_string().await.expect("a page");
    let tags: Vec<&str> = page.lines().filter(|line| line.contains("integrity=")).collect();
    assert_eq!(tags.len(), 4);
    for tag in tags {
        let name = between(tag, "graphiql/assets/", "\"")[0];
        let response = client.get(format!("/graphiql/assets/{name}")).send().await;
        response.assert_status_is_ok();
        let bytes = response.0.into_body().into_bytes().await.expect("a file");
        let hash = STANDARD.encode(sha2::Sha384::digest(&bytes));
        assert!(tag.contains(&format!("sha384-{hash}")), "{name}");
    }
}
