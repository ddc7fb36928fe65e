//! `/graphiql`: GraphiQL's published bundle, held to its hashes, and a plain form of our own where it cannot be loaded.
//!
//! The page is put together once. Its files come from a CDN, or from `DIR/node_modules` where `npm install
//! graphiql@4.1.2 react@18.3.1 react-dom@18.3.1` was run in DIR. They are read and compared when the server starts;
//! there is no way from a URL to the file system. GraphiQL 4 is the last line that is published as one script.

use std::path::Path;
use std::{fs, io};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use poem::http::{StatusCode, header};
use poem::web::{Data, Path as UrlPath};
use poem::{Body, Request, Response, handler};
use sha2::{Digest, Sha256, Sha384};
use std::sync::Arc;

const PAGE: &str = include_str!("page/graphiql.html");
const STYLE: &str = include_str!("page/graphiql.css");
const SCRIPT: &str = include_str!("page/graphiql.js");
const CDN: &str = "https://cdn.jsdelivr.net/npm/";

/// A file of a published package.
struct File {
    package: &'static str,
    version: &'static str,
    path: &'static str,
    integrity: &'static str,
}

/// In the order in which they must run.
const FILES: [File; 4] = [
    File {
        package: "graphiql",
        version: "4.1.2",
        path: "graphiql.min.css",
        integrity: "sha384-1el1QShFBnnXTx9x/Cprg82hZWKt0ry29OAYIXt05swbi0KcZDFoj0CWguMpopJr",
    },
    File {
        package: "react",
        version: "18.3.1",
        path: "umd/react.production.min.js",
        integrity: "sha384-DGyLxAyjq0f9SPpVevD6IgztCFlnMF6oW/XQGmfe+IsZ8TqEiDrcHkMLKI6fiB/Z",
    },
    File {
        package: "react-dom",
        version: "18.3.1",
        path: "umd/react-dom.production.min.js",
        integrity: "sha384-gTGxhz21lVGYNMcdJOyq01Edg0jhn/c22nsx0kyqP0TxaV5WVdsSH1fSDUf5YJj1",
    },
    File {
        package: "graphiql",
        version: "4.1.2",
        path: "graphiql.min.js",
        integrity: "sha384-9XdHu7ajgGJziD4J1zNBKQ842Q/+zZfDv+ib1eMhZWBH6hPAs806x+Jbcf0yNO6B",
    },
];

impl File {
    fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    fn is_style(&self) -> bool {
        self.path.ends_with(".css")
    }

    /// Relative, so that a proxy may put us under a path of its own.
    fn url(&self, local: bool) -> String {
        let (package, version, path) = (self.package, self.version, self.path);
        match local {
            true => format!("graphiql/assets/{}", self.name()),
            false => format!("{CDN}{package}@{version}/{path}"),
        }
    }

    /// Nothing here makes the browser wait: the style only counts once `media` is lifted.
    fn tag(&self, local: bool) -> String {
        let (url, integrity) = (self.url(local), self.integrity);
        let fixed = format!(r#"integrity="{integrity}" crossorigin="anonymous" data-graphiql"#);
        match self.is_style() {
            true => format!(r#"<link rel="stylesheet" media="print" href="{url}" {fixed}>"#),
            false => format!(r#"<script defer src="{url}" {fixed}></script>"#),
        }
    }

    fn read(&self, directory: &Path) -> io::Result<Vec<u8>> {
        let path = directory.join(self.package).join(self.path);
        let explain = |error: io::Error| {
            let message = format!("GraphiQL's assets: {}: {error}", path.display());
            io::Error::new(error.kind(), message)
        };
        let bytes = fs::read(&path).map_err(explain)?;
        let found = format!("sha384-{}", STANDARD.encode(Sha384::digest(&bytes)));
        if found == self.integrity {
            return Ok(bytes);
        }
        let (package, version) = (self.package, self.version);
        Err(io::Error::other(format!(
            "GraphiQL's assets: {} is not that of {package}@{version}: npm install {package}@{version}",
            path.display()
        )))
    }
}

pub fn is_asset(name: &str) -> bool {
    FILES.iter().any(|file| file.name() == name)
}

/// The page and, in closed networks, the files that it needs.
pub struct Graphiql {
    page: String,
    /// The same page without GraphiQL: the form alone, for who prefers it.
    plain: String,
    policy: String,
    files: Vec<(&'static str, Vec<u8>)>,
}

impl Graphiql {
    pub fn new(assets: Option<&Path>) -> io::Result<Self> {
        let local = assets.is_some();
        let tags: Vec<String> = FILES.iter().map(|file| file.tag(local)).collect();
        Ok(Self {
            page: page(&tags.join("\n    ")),
            plain: page(""),
            policy: policy(local),
            files: assets.map(read_all).transpose()?.unwrap_or_default(),
        })
    }
}

fn read_all(directory: &Path) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let modules = directory.join("node_modules");
    let directory = if modules.is_dir() { &modules } else { directory };
    FILES.iter().map(|file| Ok((file.name(), file.read(directory)?))).collect()
}

fn page(tags: &str) -> String {
    PAGE.replace("{{style}}", STYLE).replace("{{script}}", SCRIPT).replace("{{graphiql}}", tags)
}

/// Scripts: ours by its hash, GraphiQL's by exact address. GraphiQL writes styles into the page, hence `unsafe-inline`.
fn policy(local: bool) -> String {
    let own = STANDARD.encode(Sha256::digest(SCRIPT));
    let sources = |style: bool| match local {
        true => "'self'".to_owned(),
        false => {
            let files = FILES.iter().filter(|file| file.is_style() == style);
            files.map(|file| file.url(false)).collect::<Vec<_>>().join(" ")
        }
    };
    format!(
        "default-src 'none'; script-src 'sha256-{own}' {}; style-src 'unsafe-inline' {}; \
         font-src data:; img-src 'self' data:; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
        sources(false),
        sources(true),
    )
}

#[handler]
pub fn show(request: &Request, Data(graphiql): Data<&Arc<Graphiql>>) -> Response {
    let plain = request.uri().query() == Some("plain");
    let page = if plain { &graphiql.plain } else { &graphiql.page };
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, &graphiql.policy)
        .header(header::CACHE_CONTROL, "no-cache")
        .body(page.clone())
}

#[handler]
pub fn asset(UrlPath(name): UrlPath<String>, Data(graphiql): Data<&Arc<Graphiql>>) -> poem::Result<Response> {
    let found = graphiql.files.iter().find(|(own, _)| *own == name);
    let (name, bytes) = found.ok_or(poem::Error::from_status(StatusCode::NOT_FOUND))?;
    let media = match name.ends_with(".css") {
        true => "text/css; charset=utf-8",
        false => "text/javascript; charset=utf-8",
    };
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, media)
        .header(header::CACHE_CONTROL, "public, max-age=86400")
        .header(header::VARY, "accept-encoding")
        .body(Body::from(bytes.clone())))
}
