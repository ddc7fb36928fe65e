//! Activities as the schema shows them.

use super::account::account;
use super::change::Change;
use super::figure::Figure;

account! {
    /// Aktivitet: what a group or a unit has done.
    Activity ("Activity") of activity as Activity, ActivityLists {
        /// Numbers that sources state of it.
        figures(year: i32 = "Only figures of this year.") -> Figure by crate::domain::figure::of_activities;
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_activities;
    }
}
