//! Mutations of organisations.

use super::payload::{mutations, payloads};
use crate::domain::organisation::{
    self, CloseOrganisationInput, CreateOrganisationInput, MergeOrganisationsInput, RenameOrganisationInput,
    UpdateOrganisationInput,
};
use crate::graphql::organisation::Organisation;

payloads! {
    /// What came of `createOrganisation`.
    CreateOrganisationPayload {
        /// The new organisation.
        organisation: Organisation by organisation::by_ids;
    }
    /// What came of `updateOrganisation`.
    UpdateOrganisationPayload {
        /// The organisation as it is now.
        organisation: Organisation by organisation::by_ids;
    }
    /// What came of `renameOrganisation`.
    RenameOrganisationPayload {
        /// The organisation under the name that it has today.
        organisation: Organisation by organisation::by_ids;
    }
    /// What came of `mergeOrganisations`.
    MergeOrganisationsPayload (plan) {
        /// The organisation that takes over. Those that end are its predecessors.
        organisation: Organisation by organisation::by_ids;
    }
    /// What came of `closeOrganisation`.
    CloseOrganisationPayload (plan) {
        /// The organisation as it is now.
        organisation: Organisation by organisation::by_ids;
    }
}

mutations! {
    OrganisationMutations {
        /// Makes an organisation, or a unit inside one. Administrators; representatives, units inside the organisation that they represent.
        create_organisation(CreateOrganisationInput) -> CreateOrganisationPayload;
        /// Changes what an organisation is and what it is part of. Administrators; representatives, units inside the organisation that they represent.
        update_organisation(UpdateOrganisationInput) -> UpdateOrganisationPayload;
        /// Gives an organisation another name from a day on, or corrects one. Administrators; representatives, units inside the organisation that they represent.
        rename_organisation(RenameOrganisationInput) -> RenameOrganisationPayload;
        /// Lets one organisation take over from others on a day: they end, and what is theirs goes on under it. Administrators.
        merge_organisations(MergeOrganisationsInput) -> MergeOrganisationsPayload;
        /// Ends an organisation and everything that belongs to it. Administrators; representatives, units inside the organisation that they represent.
        close_organisation(CloseOrganisationInput) -> CloseOrganisationPayload;
    }
}
