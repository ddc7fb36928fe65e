//! Mutations of agreements, their parties and what they ask.

use super::payload::{mutations, payloads};
use crate::domain::agreement::{
    self, AddAssignmentInput, ChangePartyInput, CreateAgreementInput, EndAgreementInput, GiveNoticeInput,
    JoinAgreementInput, LeaveAgreementInput, RemoveAssignmentInput, UpdateAgreementInput, UpdateAssignmentInput,
};
use crate::graphql::agreement::Agreement;

payloads! {
    /// What came of `createAgreement`.
    CreateAgreementPayload {
        /// The new agreement.
        agreement: Agreement by agreement::by_ids;
    }
    /// What came of `updateAgreement`.
    UpdateAgreementPayload (plan) {
        /// The agreement as it is now.
        agreement: Agreement by agreement::by_ids;
    }
    /// What came of `endAgreement`.
    EndAgreementPayload (plan) {
        /// The agreement as it is now.
        agreement: Agreement by agreement::by_ids;
    }
    /// What came of `joinAgreement`.
    JoinAgreementPayload {
        /// The agreement as it is now.
        agreement: Agreement by agreement::by_ids;
    }
    /// What came of `changeParty`.
    ChangePartyPayload {
        /// The agreement as it is now.
        agreement: Agreement by agreement::by_ids;
    }
    /// What came of `giveNotice`.
    GiveNoticePayload (plan) {
        /// The agreement as it is now.
        agreement: Agreement by agreement::by_ids;
    }
    /// What came of `leaveAgreement`.
    LeaveAgreementPayload (plan) {
        /// The agreement as it is now.
        agreement: Agreement by agreement::by_ids;
    }
    /// What came of `addAssignment`.
    AddAssignmentPayload {
        /// The agreement as it is now.
        agreement: Agreement by agreement::by_ids;
    }
    /// What came of `updateAssignment`.
    UpdateAssignmentPayload {
        /// The agreement as it is now.
        agreement: Agreement by agreement::by_ids;
    }
    /// What came of `removeAssignment`.
    RemoveAssignmentPayload {
        /// The agreement as it is now.
        agreement: Agreement by agreement::by_ids;
    }
}

mutations! {
    AgreementMutations {
        /// Enters an agreement. Representatives of its owner.
        create_agreement(CreateAgreementInput) -> CreateAgreementPayload;
        /// Changes an agreement. Representatives of its owner.
        update_agreement(UpdateAgreementInput) -> UpdateAgreementPayload;
        /// Ends an agreement, with its parties. Representatives of its owner.
        end_agreement(EndAgreementInput) -> EndAgreementPayload;
        /// Lets an organisation become party to an agreement. Representatives of the agreement's owner.
        join_agreement(JoinAgreementInput) -> JoinAgreementPayload;
        /// Corrects what is on record of a party. Representatives of the agreement's owner.
        change_party(ChangePartyInput) -> ChangePartyPayload;
        /// Says that a party gives notice, and until when it is party then. Representatives of the party, or of the agreement's owner.
        give_notice(GiveNoticeInput) -> GiveNoticePayload;
        /// Lets a party leave. Representatives of the party, or of the agreement's owner.
        leave_agreement(LeaveAgreementInput) -> LeaveAgreementPayload;
        /// Says what an agreement asks. Representatives of the agreement's owner.
        add_assignment(AddAssignmentInput) -> AddAssignmentPayload;
        /// Changes what an agreement asks, and of whom. Representatives of the agreement's owner.
        update_assignment(UpdateAssignmentInput) -> UpdateAssignmentPayload;
        /// Takes away what an agreement does not ask. Representatives of the agreement's owner.
        remove_assignment(RemoveAssignmentInput) -> RemoveAssignmentPayload;
    }
}
