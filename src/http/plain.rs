//! Past the compression, which holds back what comes bit by bit until it is worth sending.

use std::sync::{Arc, Mutex, PoisonError};

use poem::{Request, Response};

/// Takes an answer past whatever stands between an endpoint and [`super::observe`].
#[derive(Clone, Default)]
pub struct Plain(Arc<Mutex<Option<Response>>>);

impl Plain {
    /// Of a request: what the endpoint leaves there is its answer.
    pub fn of(request: &mut Request) -> Self {
        request.extensions_mut().get_or_insert_with(Self::default).clone()
    }

    /// Leaves an answer. What is given back stands in for it.
    pub fn leave(&self, response: Response) -> Response {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
        Response::default()
    }

    /// The answer that was left, if one was.
    pub fn left(&self) -> Option<Response> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
