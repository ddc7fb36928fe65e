//! Mutations of grants, identities and invitations.

use super::payload::{mutations, payloads};
use crate::domain::grant::{self, GrantRoleInput, RevokeRoleInput};
use crate::domain::identity::{self, AcceptInvitationInput, LinkIdentityInput};
use crate::domain::invitation::{self, InvitePersonInput};
use crate::graphql::grant::Grant;
use crate::graphql::identity::Identity;
use crate::graphql::invitation::Invitation;

payloads! {
    /// What came of `grantRole`.
    GrantRolePayload {
        /// The new grant.
        grant: Grant by grant::by_ids;
    }
    /// What came of `revokeRole`.
    RevokeRolePayload {
        /// The grant as it is now.
        grant: Grant by grant::by_ids;
    }
    /// What came of `linkIdentity`.
    LinkIdentityPayload {
        /// The identity as it is now.
        identity: Identity by identity::by_ids;
    }
    /// What came of `invitePerson`.
    InvitePersonPayload {
        /// The invitation, with its code.
        invitation: Invitation by invitation::by_ids;
    }
    /// What came of `acceptInvitation`.
    AcceptInvitationPayload {
        /// The asker's identity as it is now.
        identity: Identity by identity::by_ids;
    }
}

mutations! {
    AccessMutations {
        /// Lets an identity do something somewhere, from a day on. Administrators.
        grant_role(GrantRoleInput) -> GrantRolePayload;
        /// Ends a grant: at once, or on a later day. The last administrator cannot go. Administrators.
        revoke_role(RevokeRoleInput) -> RevokeRolePayload;
        /// Says whose sign-in an identity is, or that it is nobody's. Administrators.
        link_identity(LinkIdentityInput) -> LinkIdentityPayload;
        /// Makes a code by which a person links their own sign-in. Representatives of the person's organisation.
        invite_person(InvitePersonInput) -> InvitePersonPayload;
        /// Links the asker's own sign-in to the person who was given the code. Whoever has signed in.
        accept_invitation(AcceptInvitationInput) -> AcceptInvitationPayload;
    }
}
