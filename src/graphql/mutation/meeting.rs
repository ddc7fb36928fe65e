//! Mutations of meetings.

use super::payload::{mutations, payloads};
use crate::domain::meeting::{
    self, CancelMeetingInput, MoveMeetingInput, PlanMeetingInput, RecordAttendanceInput, RecordMeetingInput,
};
use crate::graphql::meeting::{Meeting, Sitting};

payloads! {
    /// What came of `planMeeting`.
    PlanMeetingPayload(plan) {
        /// The new meeting, with what to think of: its `warning` and `doubleBookings`.
        meeting: Meeting by meeting::by_ids;
    }
    /// What came of `moveMeeting`.
    MoveMeetingPayload(plan) {
        /// The meeting as it is now, with what to think of: its `warning` and `doubleBookings`.
        meeting: Meeting by meeting::by_ids;
        /// All sittings that moved, in order of time, with the groups whose day it changes.
        moved: [Sitting] by meeting::changed_sittings;
    }
    /// What came of `cancelMeeting`.
    CancelMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting by meeting::by_ids;
    }
    /// What came of `recordMeeting`.
    RecordMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting by meeting::by_ids;
    }
    /// What came of `recordAttendance`.
    RecordAttendancePayload {
        /// The meeting as it is now.
        meeting: Meeting by meeting::by_ids;
    }
}

mutations! {
    MeetingMutations {
        /// Calls groups together once. Coordinators of all of the groups.
        plan_meeting(PlanMeetingInput) -> PlanMeetingPayload;
        /// Moves a planned meeting: to another time or another place. A joint sitting takes the whole day with it, and whoever stands in then.
        /// Coordinators of all of the meeting's groups.
        move_meeting(MoveMeetingInput) -> MoveMeetingPayload;
        /// Calls a planned meeting off; it stays on record, and in calendars, as cancelled. Coordinators of all of the meeting's groups.
        cancel_meeting(CancelMeetingInput) -> CancelMeetingPayload;
        /// Says that a planned meeting has been held, and who was there. Coordinators of all of the meeting's groups.
        record_meeting(RecordMeetingInput) -> RecordMeetingPayload;
        /// Says who was at a meeting, in the room or remotely, as themselves or for another; or who is not coming. Coordinators of a group of the meeting.
        record_attendance(RecordAttendanceInput) -> RecordAttendancePayload;
    }
}
