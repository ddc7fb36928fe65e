//! Activities: what groups and units have done.

use async_graphql::MaybeUndefined;
use entity::activity::Model;
use entity::values::{Date, GlobalId};

use crate::domain::account::{self, account, commands};
use crate::domain::owner::OwnerInput;
use crate::domain::source::QuotedInput;
use crate::domain::write::{Command, how};
use crate::policy::{Action, Permit};

account!(
    Activity,
    "activity",
    Verbs { new: "recordActivity", changed: "updateActivity", gone: "removeActivity" },
    "activities",
    yearly
);

commands! {
    activity "activity": RecordActivityInput UpdateActivityInput RemoveActivityInput = RecordActivity UpdateActivity RemoveActivity;
    "What a group or a unit has done."
    "What is to be different about an activity; what is left out stays."
    "Which activity has not been. The trail holds what it was."
    "The day after the last; the end of the year in which it begins when left out."
}
