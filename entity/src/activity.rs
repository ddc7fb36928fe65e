//! What a group or a unit has done.

crate::account!("activity");
