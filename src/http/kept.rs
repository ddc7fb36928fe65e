//! Answers that the client has kept: what they are called, and that they are still true (RFC 9110, 8.8.3 and 13.1.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, Request, Response};
use sha2::{Digest, Sha256};

/// What the client says that it has.
#[derive(Clone, Default)]
pub struct Kept(Vec<HeaderValue>);

impl Kept {
    /// By `If-None-Match`.
    pub fn of(request: &Request) -> Self {
        Self(request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect())
    }

    /// The answer, or only that what the client has is still true.
    pub fn unless_known(&self, mut response: Response) -> Response {
        let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
        if tag.is_some_and(|tag| self.has(tag)) {
            response.set_status(StatusCode::NOT_MODIFIED);
            response.headers_mut().remove(header::CONTENT_TYPE);
            response.set_body(Body::empty());
        }
        response
    }

    /// Whether it has what goes by this tag; weak and strong ones are compared alike.
    fn has(&self, tag: &str) -> bool {
        let given = self.0.iter().filter_map(|value| value.to_str().ok());
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        given.flat_map(|tags| tags.split(',')).map(opaque).any(|given| given == "*" || given == opaque(tag))
    }
}

/// What bytes are called: a strong tag.
pub fn tag(bytes: impl AsRef<[u8]>) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(bytes)))
}
