//! Mutations of groups and their relations.

use super::payload::{mutations, payloads};
use crate::domain::group::{
    self, CloseGroupInput, CreateGroupInput, EndRelationInput, RelateGroupsInput, UpdateGroupInput,
};
use crate::graphql::group::{Group, GroupRelation};

payloads! {
    /// What came of `createGroup`.
    CreateGroupPayload {
        /// The new group.
        group: Group by group::by_ids;
    }
    /// What came of `updateGroup`.
    UpdateGroupPayload {
        /// The group as it is now.
        group: Group by group::by_ids;
    }
    /// What came of `closeGroup`.
    CloseGroupPayload (plan) {
        /// The group as it is now.
        group: Group by group::by_ids;
    }
    /// What came of `relateGroups`.
    RelateGroupsPayload {
        /// The new relation.
        relation: GroupRelation by group::relations_by_ids;
    }
    /// What came of `endRelation`.
    EndRelationPayload {
        /// The relation as it is now.
        relation: GroupRelation by group::relations_by_ids;
    }
}

mutations! {
    GroupMutations {
        /// Makes a group. Coordinators, below a group that they keep.
        create_group(CreateGroupInput) -> CreateGroupPayload;
        /// Changes a group. Coordinators of the group; to put it below another group, those of that one.
        update_group(UpdateGroupInput) -> UpdateGroupPayload;
        /// Ends a group, with its seats, who sits on them and who stands in, whom it serves and who serves it, and the schedules that no group
        /// goes on with. What would begin only after that day is in the way. Its own meetings
        /// after that are cancelled, those that follow a schedule go with it, and others go on without it. The groups below it stay as they are. Coordinators of a group above.
        close_group(CloseGroupInput) -> CloseGroupPayload;
        /// Says whom a group serves, or whom it took over from. Coordinators of the group that serves or took over.
        relate_groups(RelateGroupsInput) -> RelateGroupsPayload;
        /// Ends a relation. Coordinators of the group that serves or took over.
        end_relation(EndRelationInput) -> EndRelationPayload;
    }
}
