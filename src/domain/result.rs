//! Results: what came of what groups and units have done.

use async_graphql::MaybeUndefined;
use entity::result::Model;
use entity::values::{Date, GlobalId};

use crate::domain::account::{self, account, commands};
use crate::domain::owner::OwnerInput;
use crate::domain::source::QuotedInput;
use crate::domain::write::{Command, how};
use crate::policy::{Action, Permit};

account!(
    Result,
    "result",
    Verbs { new: "recordResult", changed: "updateResult", gone: "removeResult" },
    "results",
    yearly
);

commands! {
    result "result": RecordResultInput UpdateResultInput RemoveResultInput = RecordResult UpdateResult RemoveResult;
    "What came of what a group or a unit has done."
    "What is to be different about a result; what is left out stays."
    "Which result has not been. The trail holds what it was."
    "The day after the last; the end of the year in which it begins when left out."
}
