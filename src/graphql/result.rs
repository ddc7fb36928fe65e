//! Results as the schema shows them.

use super::account::account;
use super::change::Change;
use super::figure::Figure;

account! {
    /// Resultat: what came of what a group or a unit has done.
    ResultItem ("Result") of result as Result, ResultLists {
        /// Numbers that sources state of it.
        figures(year: i32 = "Only figures of this year.") -> Figure by crate::domain::figure::of_results;
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_results;
    }
}
