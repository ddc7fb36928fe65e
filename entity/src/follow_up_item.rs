//! What a group or a unit has on its rolling list (*balanslista*) and comes back to.

crate::account!("follow_up_item");
