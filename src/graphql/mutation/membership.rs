//! Mutations of memberships.

use super::payload::{mutations, payloads};
use crate::domain::membership::{self, AddMemberInput, ChangeMembershipInput, EndMembershipInput, ReplaceMemberInput};
use crate::graphql::membership::Membership;

payloads! {
    /// What came of `addMember`.
    AddMemberPayload {
        /// The new membership.
        membership: Membership by membership::by_ids;
    }
    /// What came of `changeMembership`.
    ChangeMembershipPayload {
        /// The membership as it is now.
        membership: Membership by membership::by_ids;
    }
    /// What came of `endMembership`.
    EndMembershipPayload {
        /// The membership as it is now.
        membership: Membership by membership::by_ids;
    }
    /// What came of `replaceMember`.
    ReplaceMemberPayload (plan) {
        /// The membership that begins. The one that ended is what it replaces.
        membership: Membership by membership::by_ids;
    }
}

mutations! {
    MembershipMutations {
        /// Lets a person sit on a seat, from a day in the past, today or in the future. Coordinators of the group; representatives of the appointer.
        add_member(AddMemberInput) -> AddMemberPayload;
        /// Changes a membership. Coordinators of the group; representatives of the appointer.
        change_membership(ChangeMembershipInput) -> ChangeMembershipPayload;
        /// Ends a membership. Coordinators of the group; representatives of the appointer and of the seat's organisation.
        end_membership(EndMembershipInput) -> EndMembershipPayload;
        /// Ends a membership and starts the next on the same seat, with no day between. Coordinators of the group; representatives of the appointer.
        replace_member(ReplaceMemberInput) -> ReplaceMemberPayload;
    }
}
