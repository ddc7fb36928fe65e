//! Who may do what. Every read and every write asks here, and nowhere else.

pub mod action;
mod actor;
mod arrive;
mod permit;
pub mod scope;
pub mod sight;
mod subject;

pub use action::Action;
pub use actor::{Actor, Claim, Right, SignIn};
pub use arrive::{actor, locate, owner};
pub use permit::{Permit, callable, changeable, permit, permit_on, sees, visible, visible_of};
