use super::Actor;
use crate::error::Error;

/// Proof that somebody may change the directory. Verbs that write want one, and only this module makes one.
#[derive(Clone, Debug)]
pub struct Permit {
    actor: Actor,
}

impl Permit {
    /// To change everything, as loading does: for whoever runs the command line.
    pub fn everything(actor: &Actor) -> Result<Self, Error> {
        if actor.is_operator() {
            return Ok(Self { actor: actor.clone() });
        }
        Err(Error::Denied("only whoever runs the server's commands may do this".to_owned()))
    }

    /// Whose it is.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}
