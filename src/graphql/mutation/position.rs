//! Mutations of positions.

use super::payload::{mutations, payloads};
use crate::domain::position::{self, ClosePositionInput, OpenPositionInput, UpdatePositionInput};
use crate::graphql::position::Position;

payloads! {
    /// What came of `openPosition`.
    OpenPositionPayload {
        /// The new position.
        position: Position by position::by_ids;
    }
    /// What came of `updatePosition`.
    UpdatePositionPayload {
        /// The position as it is now.
        position: Position by position::by_ids;
    }
    /// What came of `closePosition`.
    ClosePositionPayload (plan) {
        /// The position as it is now.
        position: Position by position::by_ids;
    }
}

mutations! {
    PositionMutations {
        /// Makes a position. Representatives of the organisation.
        open_position(OpenPositionInput) -> OpenPositionPayload;
        /// Changes a position's title and first day. Representatives of the organisation.
        update_position(UpdatePositionInput) -> UpdatePositionPayload;
        /// Ends a position, and with it the tenure of whoever holds it; the seats that go with it stay, and are vacant. Representatives of the
        /// organisation.
        close_position(ClosePositionInput) -> ClosePositionPayload;
    }
}
