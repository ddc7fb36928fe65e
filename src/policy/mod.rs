//! Who may do what. Every read and every write asks here, and nowhere else.

mod actor;
mod permit;
pub mod scope;

pub use actor::Actor;
pub use permit::Permit;
