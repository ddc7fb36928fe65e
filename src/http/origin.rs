//! Pages of other origins: which may read the answers that browsers get for them (CORS, <https://fetch.spec.whatwg.org/#http-cors-protocol>).
//! Nothing here keeps anybody from asking; without these headers a browser does not let the page see the answer.

use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};

/// How long a browser may remember what it has been told, in seconds: a day.
const MAX_AGE: &str = "86400";
const METHODS: &str = "GET, HEAD, POST";
const HEADERS: &str = "accept, accept-language, authorization, content-type, graphql-cost, x-request-id";
/// What a page may read of an answer besides what every page may.
const EXPOSED: &str = "etag, retry-after, www-authenticate, x-request-id";

/// The origins whose pages may read answers.
pub struct Origins(Vec<String>);

/// A page that may.
pub struct Page {
    origin: HeaderValue,
    /// Whether its browser only asks whether it may.
    pub only_wonders: bool,
}

impl Origins {
    pub fn new(allowed: &[String]) -> Self {
        Self(allowed.to_vec())
    }

    /// The page that sends the request, if it may read the answer.
    pub fn page(&self, request: &Request) -> Option<Page> {
        let origin = request.headers().get(header::ORIGIN)?;
        let known = self.0.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes());
        let asks = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        known.then(|| Page { origin: origin.clone(), only_wonders: asks && *request.method() == Method::OPTIONS })
    }

    /// Whether a socket may be opened by who asks for it: no page, one of these origins, or one from here. Browsers let any page open one.
    pub fn lets_in(&self, request: &Request) -> bool {
        let Some(origin) = request.headers().get(header::ORIGIN) else { return true };
        let own =
            |host: &str| origin.to_str().is_ok_and(|origin| origin.split_once("://").is_some_and(|(_, at)| at == host));
        self.page(request).is_some() || request.header(header::HOST).is_some_and(own)
    }

    /// Lets the page read the answer. Caches are told that others may not.
    pub fn tell(&self, page: Option<Page>, response: &mut Response) {
        if self.0.is_empty() {
            return;
        }
        response.headers_mut().append(header::VARY, HeaderValue::from_static("origin"));
        if let Some(page) = page {
            let exposed = HeaderValue::from_static(EXPOSED);
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, page.origin);
            response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }
}

impl Page {
    /// What a browser is told that asks beforehand.
    pub fn preflight(&self) -> Response {
        Response::builder()
            .status(StatusCode::NO_CONTENT)
            .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, self.origin.clone())
            .header(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS)
            .header(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
            .header(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE)
            .header(header::VARY, "origin")
            .finish()
    }
}
