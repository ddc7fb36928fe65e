//! Mutations of calendars.

use super::payload::{mutations, payloads};
use crate::domain::calendar::{self, CreateCalendarInput, RevokeCalendarInput};
use crate::graphql::calendar::Calendar;

payloads! {
    /// What came of `createCalendar`.
    CreateCalendarPayload {
        /// The new calendar, with its address.
        calendar: Calendar by calendar::by_ids;
    }
    /// What came of `revokeCalendar`.
    RevokeCalendarPayload {
        /// The calendar as it is now.
        calendar: Calendar by calendar::by_ids;
    }
}

mutations! {
    CalendarMutations {
        /// Makes a calendar of meetings that fit a filter, to subscribe to by a secret address. Whoever has signed in.
        create_calendar(CreateCalendarInput) -> CreateCalendarPayload;
        /// Lets a calendar's address show nothing any more. Whoever made it, and administrators.
        revoke_calendar(RevokeCalendarInput) -> RevokeCalendarPayload;
    }
}
