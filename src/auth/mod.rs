//! Who asks. No issuer of tokens is configured yet, so there is nobody but the public: a token proves nothing here, and
//! we say so instead of ignoring it.

use crate::policy::Actor;

/// The credentials cannot be checked, or do not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unauthenticated;

/// The actor that an `Authorization` header proves; without one, the public.
pub fn actor(authorization: Option<&[u8]>) -> Result<Actor, Unauthenticated> {
    match authorization {
        None => Ok(Actor::public()),
        Some(_) => Err(Unauthenticated),
    }
}
