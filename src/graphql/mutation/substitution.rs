//! Mutations of substitutions.

use super::payload::{mutations, payloads};
use crate::domain::substitution::{self, AddSubstitutionInput, EndSubstitutionInput};
use crate::graphql::substitution::Substitution;

payloads! {
    /// What came of `addSubstitution`.
    AddSubstitutionPayload {
        /// The new substitution.
        substitution: Substitution by substitution::by_ids;
    }
    /// What came of `endSubstitution`.
    EndSubstitutionPayload {
        /// The substitution as it is now.
        substitution: Substitution by substitution::by_ids;
    }
}

mutations! {
    SubstitutionMutations {
        /// Lets a person stand in for a member. Coordinators of the group; representatives of the appointer.
        add_substitution(AddSubstitutionInput) -> AddSubstitutionPayload;
        /// Ends a substitution. Coordinators of the group; representatives of the appointer and of the seat's organisation.
        end_substitution(EndSubstitutionInput) -> EndSubstitutionPayload;
    }
}
