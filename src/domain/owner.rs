//! Whose something is: a group's, or an organisation's or unit's.

use async_graphql::OneofObject;
use entity::values::{GlobalId, SubjectKind};
use uuid::Uuid;

use crate::domain::view::View;
use crate::error::{Error, Subject};
use crate::policy::{self, Action, Permit};

/// Whose something is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, OneofObject)]
pub enum OwnerInput {
    /// A group's.
    Group(GlobalId),
    /// An organisation's, or a unit's.
    Organisation(GlobalId),
}

/// Whose something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Group(Uuid),
    Organisation(Uuid),
}

impl Owner {
    /// The group or the organisation.
    pub fn id(self) -> Uuid {
        match self {
            Self::Group(id) | Self::Organisation(id) => id,
        }
    }

    /// From where it is stored; something that is somebody's has one of the two.
    pub fn of(group: Option<Uuid>, organisation: Option<Uuid>) -> Self {
        group.map_or_else(|| Self::Organisation(organisation.unwrap_or_default()), Self::Group)
    }

    /// As it is stored: the group, or the organisation.
    pub fn columns(owner: Option<Self>) -> (Option<Uuid>, Option<Uuid>) {
        match owner {
            Some(Self::Group(id)) => (Some(id), None),
            Some(Self::Organisation(id)) => (None, Some(id)),
            None => (None, None),
        }
    }
}

impl From<OwnerInput> for Owner {
    fn from(input: OwnerInput) -> Self {
        match input {
            OwnerInput::Group(id) => Self::Group(id.of(SubjectKind::Group)),
            OwnerInput::Organisation(id) => Self::Organisation(id.of(SubjectKind::Organisation)),
        }
    }
}

impl OwnerInput {
    /// Which group or organisation.
    pub fn subject(self) -> Subject {
        match Owner::from(self) {
            Owner::Group(id) => (SubjectKind::Group, id),
            Owner::Organisation(id) => (SubjectKind::Organisation, id),
        }
    }

    /// The permit for something that is to be theirs.
    pub async fn permit(self, view: &View, action: Action) -> Result<Permit, Error> {
        let permit = policy::permit_on(&view.app, &view.actor, action, self.subject()).await;
        permit.map_err(|error| error.at("owner"))
    }
}
