//! Mutations of people.

use super::payload::{mutations, payloads};
use crate::domain::person::{self, CreatePersonInput, MergePeopleInput, ProtectPersonInput, UpdatePersonInput};
use crate::graphql::person::Person;

payloads! {
    /// What came of `createPerson`.
    CreatePersonPayload {
        /// The new person.
        person: Person by person::by_ids;
    }
    /// What came of `updatePerson`.
    UpdatePersonPayload {
        /// The person as it is now.
        person: Person by person::by_ids;
    }
    /// What came of `protectPerson`.
    ProtectPersonPayload {
        /// The person as it is now.
        person: Person by person::by_ids;
    }
    /// What came of `mergePeople`.
    MergePeoplePayload (plan) {
        /// The one who stays, with all that was the other's.
        person: Person by person::by_ids;
    }
}

mutations! {
    PersonMutations {
        /// Enters a person. Coordinators and representatives; somebody becomes a representative's own by a post or a seat in the organisation.
        create_person(CreatePersonInput) -> CreatePersonPayload;
        /// Changes a person's name and audience. Representatives of the organisation that the person belongs to, and to no other.
        update_person(UpdatePersonInput) -> UpdatePersonPayload;
        /// Protects a person, or does so no longer. Who is protected exists for administrators alone. Administrators.
        protect_person(ProtectPersonInput) -> ProtectPersonPayload;
        /// Makes two entries of one person one: all that is the duplicate's becomes that of the one who stays, and the duplicate goes. Where
        /// both attended a meeting, they were there once. Whoever of the two is protected or hidden from some stays so. Administrators.
        merge_people(MergePeopleInput) -> MergePeoplePayload;
    }
}
