//! Follow-up items: what groups and units have on their rolling lists (*balanslistor*) and come back to.

use async_graphql::MaybeUndefined;
use entity::follow_up_item::Model;
use entity::values::{Date, GlobalId};

use crate::domain::account::{self, account, commands};
use crate::domain::owner::OwnerInput;
use crate::domain::source::QuotedInput;
use crate::domain::write::{Command, how};
use crate::policy::{Action, Permit};

account!(
    FollowUpItem,
    "follow_up_item",
    Verbs { new: "recordFollowUpItem", changed: "updateFollowUpItem", gone: "removeFollowUpItem" },
    "follow-up items",
    lasting
);

commands! {
    follow_up_item "followUpItem": RecordFollowUpItemInput UpdateFollowUpItemInput RemoveFollowUpItemInput = RecordFollowUpItem UpdateFollowUpItem RemoveFollowUpItem;
    "What a group or a unit puts on its list of what to come back to."
    "What is to be different about a follow-up item; what is left out stays."
    "Which follow-up item was not to be on the list. The trail holds what it was. One that is done ends instead: by `updateFollowUpItem`."
    "The day after the last; open when left out."
}
