//! Follow-up items as the schema shows them.

use super::account::account;
use super::change::Change;

account! {
    /// Balanspost: what a group or a unit has on its rolling list (*balanslista*) and comes back to.
    FollowUpItem ("FollowUpItem") of follow_up_item as FollowUpItem, FollowUpItemLists {
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_follow_up_items;
    }
}
