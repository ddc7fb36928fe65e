//! What a group or a unit puts first, for a time such as a mandate period.

crate::account!("priority");
