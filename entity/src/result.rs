//! What came of what a group or a unit has done.

crate::account!("result");
