//! Mutations of events, priorities, follow-up items, activities and results.

use super::payload::{mutations, payloads};
use crate::domain::activity::{self, RecordActivityInput, RemoveActivityInput, UpdateActivityInput};
use crate::domain::event::{self, RecordEventInput, RemoveEventInput, UpdateEventInput};
use crate::domain::follow_up_item::{self, RecordFollowUpItemInput, RemoveFollowUpItemInput, UpdateFollowUpItemInput};
use crate::domain::priority::{self, RecordPriorityInput, RemovePriorityInput, UpdatePriorityInput};
use crate::domain::result::{self, RecordResultInput, RemoveResultInput, UpdateResultInput};
use crate::graphql::activity::Activity;
use crate::graphql::event::Event;
use crate::graphql::follow_up_item::FollowUpItem;
use crate::graphql::priority::Priority;
use crate::graphql::result::ResultItem;

payloads! {
    /// What came of `recordEvent`.
    RecordEventPayload {
        /// The new event.
        event: Event by event::by_ids;
    }
    /// What came of `updateEvent`.
    UpdateEventPayload (plan) {
        /// The event as it is now.
        event: Event by event::by_ids;
    }
    /// What came of `removeEvent`.
    RemoveEventPayload {
        /// None: it was taken away.
        event: Event by event::by_ids;
    }
    /// What came of `recordPriority`.
    RecordPriorityPayload {
        /// The new priority.
        priority: Priority by priority::by_ids;
    }
    /// What came of `updatePriority`.
    UpdatePriorityPayload (plan) {
        /// The priority as it is now.
        priority: Priority by priority::by_ids;
    }
    /// What came of `removePriority`.
    RemovePriorityPayload {
        /// None: it was taken away.
        priority: Priority by priority::by_ids;
    }
    /// What came of `recordFollowUpItem`.
    RecordFollowUpItemPayload {
        /// The new follow-up item.
        follow_up_item: FollowUpItem by follow_up_item::by_ids;
    }
    /// What came of `updateFollowUpItem`.
    UpdateFollowUpItemPayload (plan) {
        /// The follow-up item as it is now.
        follow_up_item: FollowUpItem by follow_up_item::by_ids;
    }
    /// What came of `removeFollowUpItem`.
    RemoveFollowUpItemPayload {
        /// None: it was taken away.
        follow_up_item: FollowUpItem by follow_up_item::by_ids;
    }
    /// What came of `recordActivity`.
    RecordActivityPayload {
        /// The new activity.
        activity: Activity by activity::by_ids;
    }
    /// What came of `updateActivity`.
    UpdateActivityPayload (plan) {
        /// The activity as it is now.
        activity: Activity by activity::by_ids;
    }
    /// What came of `removeActivity`.
    RemoveActivityPayload {
        /// None: it was taken away.
        activity: Activity by activity::by_ids;
    }
    /// What came of `recordResult`.
    RecordResultPayload {
        /// The new result.
        result: ResultItem by result::by_ids;
    }
    /// What came of `updateResult`.
    UpdateResultPayload (plan) {
        /// The result as it is now.
        result: ResultItem by result::by_ids;
    }
    /// What came of `removeResult`.
    RemoveResultPayload {
        /// None: it was taken away.
        result: ResultItem by result::by_ids;
    }
}

mutations! {
    AccountMutations {
        /// Enters an event. Coordinators of the group, representatives of the organisation whose it is.
        record_event(RecordEventInput) -> RecordEventPayload;
        /// Changes an event. Coordinators of the group, representatives of the organisation whose it is.
        update_event(UpdateEventInput) -> UpdateEventPayload;
        /// Takes away an event that was not to be. Coordinators of the group, representatives of the organisation whose it is.
        remove_event(RemoveEventInput) -> RemoveEventPayload;
        /// Says what a group or an organisation puts first. Coordinators of the group, representatives of the organisation whose it is.
        record_priority(RecordPriorityInput) -> RecordPriorityPayload;
        /// Changes what is put first. Coordinators of the group, representatives of the organisation whose it is.
        update_priority(UpdatePriorityInput) -> UpdatePriorityPayload;
        /// Takes away what was never put first. Coordinators of the group, representatives of the organisation whose it is.
        remove_priority(RemovePriorityInput) -> RemovePriorityPayload;
        /// Puts something on the list of what a group or an organisation comes back to. Coordinators of the group, representatives of the organisation whose it is.
        record_follow_up_item(RecordFollowUpItemInput) -> RecordFollowUpItemPayload;
        /// Changes what to come back to. Coordinators of the group, representatives of the organisation whose it is.
        update_follow_up_item(UpdateFollowUpItemInput) -> UpdateFollowUpItemPayload;
        /// Takes away what was not to be on the list. Coordinators of the group, representatives of the organisation whose it is.
        remove_follow_up_item(RemoveFollowUpItemInput) -> RemoveFollowUpItemPayload;
        /// Says what a group or an organisation has done. Coordinators of the group, representatives of the organisation whose it is.
        record_activity(RecordActivityInput) -> RecordActivityPayload;
        /// Changes what has been done. Coordinators of the group, representatives of the organisation whose it is.
        update_activity(UpdateActivityInput) -> UpdateActivityPayload;
        /// Takes away what has not been done. Coordinators of the group, representatives of the organisation whose it is.
        remove_activity(RemoveActivityInput) -> RemoveActivityPayload;
        /// Says what came of what a group or an organisation has done. Coordinators of the group, representatives of the organisation whose it is.
        record_result(RecordResultInput) -> RecordResultPayload;
        /// Changes what came of it. Coordinators of the group, representatives of the organisation whose it is.
        update_result(UpdateResultInput) -> UpdateResultPayload;
        /// Takes away what did not come of it. Coordinators of the group, representatives of the organisation whose it is.
        remove_result(RemoveResultInput) -> RemoveResultPayload;
    }
}
