//! Mutations of seats.

use super::payload::{mutations, payloads};
use crate::domain::seat::{self, CloseSeatInput, OpenSeatInput, UpdateSeatInput};
use crate::graphql::seat::Seat;

payloads! {
    /// What came of `openSeat`.
    OpenSeatPayload {
        /// The new seat.
        seat: Seat by seat::by_ids;
    }
    /// What came of `updateSeat`.
    UpdateSeatPayload {
        /// The seat as it is now.
        seat: Seat by seat::by_ids;
    }
    /// What came of `closeSeat`.
    CloseSeatPayload (plan) {
        /// The seat as it is now.
        seat: Seat by seat::by_ids;
    }
}

mutations! {
    SeatMutations {
        /// Makes a seat in a group. Coordinators of the group.
        open_seat(OpenSeatInput) -> OpenSeatPayload;
        /// Changes a seat. Coordinators of the group.
        update_seat(UpdateSeatInput) -> UpdateSeatPayload;
        /// Ends a seat, with who sits on it and who stands in. Memberships that would begin only after that day are in the way, unless they go with
        /// a position. Coordinators of the group.
        close_seat(CloseSeatInput) -> CloseSeatPayload;
    }
}
