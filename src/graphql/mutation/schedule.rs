//! Mutations of schedules.

use super::payload::{mutations, payloads};
use crate::domain::schedule::{self, CreateScheduleInput, EndScheduleInput, UpdateScheduleInput};
use crate::graphql::schedule::Schedule;

payloads! {
    /// What came of `createSchedule`.
    CreateSchedulePayload(plan) {
        /// The new schedule, with what to think of: its `warnings`.
        schedule: Schedule by schedule::by_ids;
    }
    /// What came of `updateSchedule`.
    UpdateSchedulePayload(plan) {
        /// The schedule as it is now, with the meetings that were left as they are: its `deviations`.
        schedule: Schedule by schedule::by_ids;
    }
    /// What came of `endSchedule`.
    EndSchedulePayload(plan) {
        /// The schedule as it is now, with the meetings that were left as they are: its `deviations`.
        schedule: Schedule by schedule::by_ids;
    }
}

mutations! {
    ScheduleMutations {
        /// Says when groups meet, and plans the coming meetings. Coordinators of all of the groups.
        create_schedule(CreateScheduleInput) -> CreateSchedulePayload;
        /// Changes a plan, and the coming meetings that nobody has touched. Coordinators of all of the schedule's groups.
        update_schedule(UpdateScheduleInput) -> UpdateSchedulePayload;
        /// Ends a plan; later meetings that nobody has touched go with it. Coordinators of all of the schedule's groups.
        end_schedule(EndScheduleInput) -> EndSchedulePayload;
    }
}
