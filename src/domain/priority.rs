//! Priorities: what groups and units put first, for a time such as a mandate period.

use async_graphql::MaybeUndefined;
use entity::priority::Model;
use entity::values::{Date, GlobalId};

use crate::domain::account::{self, account, commands};
use crate::domain::owner::OwnerInput;
use crate::domain::source::QuotedInput;
use crate::domain::write::{Command, how};
use crate::policy::{Action, Permit};

account!(
    Priority,
    "priority",
    Verbs { new: "recordPriority", changed: "updatePriority", gone: "removePriority" },
    "priorities",
    lasting
);

commands! {
    priority "priority": RecordPriorityInput UpdatePriorityInput RemovePriorityInput = RecordPriority UpdatePriority RemovePriority;
    "What a group or a unit puts first, after what it has put first already."
    "What is to be different about a priority; what is left out stays."
    "Which priority never was one. The trail holds what it was. One that is over ends instead: by `updatePriority`."
    "The day after the last; open when left out."
}
