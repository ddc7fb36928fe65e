//! Mutations of tenures.

use super::payload::{mutations, payloads};
use crate::domain::tenure::{self, ChangeTenureInput, EndTenureInput, StartTenureInput};
use crate::graphql::tenure::Tenure;

payloads! {
    /// What came of `startTenure`.
    StartTenurePayload {
        /// The new tenure.
        tenure: Tenure by tenure::by_ids;
    }
    /// What came of `changeTenure`.
    ChangeTenurePayload {
        /// The tenure as it is now.
        tenure: Tenure by tenure::by_ids;
    }
    /// What came of `endTenure`.
    EndTenurePayload {
        /// The tenure as it is now.
        tenure: Tenure by tenure::by_ids;
    }
}

mutations! {
    TenureMutations {
        /// Lets a person hold a position from a day on. The seats that go with the position change hands in the same step. Representatives of
        /// the organisation.
        start_tenure(StartTenureInput) -> StartTenurePayload;
        /// Changes when a position is held, and on the seats that go with it. Representatives of the organisation.
        change_tenure(ChangeTenureInput) -> ChangeTenurePayload;
        /// Ends a tenure; position and seats are vacant from then on. Representatives of the organisation.
        end_tenure(EndTenureInput) -> EndTenurePayload;
    }
}
