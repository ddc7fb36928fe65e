//! Mutations of contact points.

use super::payload::{mutations, payloads};
use crate::domain::contact_point::{self, AddContactPointInput, RemoveContactPointInput, UpdateContactPointInput};
use crate::graphql::contact_point::ContactPoint;

payloads! {
    /// What came of `addContactPoint`.
    AddContactPointPayload {
        /// The new contact point.
        contact_point: ContactPoint by contact_point::by_ids;
    }
    /// What came of `updateContactPoint`.
    UpdateContactPointPayload {
        /// The contact point as it is now.
        contact_point: ContactPoint by contact_point::by_ids;
    }
    /// What came of `removeContactPoint`.
    RemoveContactPointPayload {
        /// The contact point as it is now; none when it was taken away.
        contact_point: ContactPoint by contact_point::by_ids;
    }
}

mutations! {
    ContactPointMutations {
        /// Says how somebody or something is reached. Representatives of the organisation that the person, position or seat belongs to, or that
        /// it is, or that owns the project; coordinators of the group for its seats, members and itself.
        add_contact_point(AddContactPointInput) -> AddContactPointPayload;
        /// Changes how somebody or something is reached. Whoever could add it, as far as they see it.
        update_contact_point(UpdateContactPointInput) -> UpdateContactPointPayload;
        /// Ends how somebody or something is reached; what has not begun before today is taken away. Whoever could add it, as far as they see it.
        remove_contact_point(RemoveContactPointInput) -> RemoveContactPointPayload;
    }
}
