//! Priorities as the schema shows them.

use super::account::account;
use super::change::Change;

account! {
    /// Prioritering: what a group or a unit puts first, for a time such as a mandate period.
    Priority ("Priority") of priority as Priority, PriorityLists {
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_priorities;
    }
}
