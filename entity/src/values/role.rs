use std::fmt;

use super::{Role, SubjectKind};

/// The role was given a place that it does not have, or none where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongPlace(Role);

impl fmt::Display for WrongPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.place() {
            Some(SubjectKind::Group) => "a coordinator keeps a group, and no organisation: name the group",
            Some(_) => "a representative keeps an organisation, and no group: name the organisation",
            None => "administrators and auditors have their role everywhere: name no group and no organisation",
        })
    }
}

impl std::error::Error for WrongPlace {}

impl Role {
    /// What somebody who has the role keeps: a group or an organisation; `None` where the role holds everywhere.
    pub fn place(self) -> Option<SubjectKind> {
        match self {
            Role::Coordinator => Some(SubjectKind::Group),
            Role::Representative => Some(SubjectKind::Organisation),
            Role::Auditor | Role::Administrator => None,
        }
    }

    /// The place that the role takes, of a group and an organisation that may be named.
    pub fn at<T>(self, group: Option<T>, organisation: Option<T>) -> Result<Option<T>, WrongPlace> {
        match (self.place(), group, organisation) {
            (Some(SubjectKind::Group), Some(place), None) => Ok(Some(place)),
            (Some(SubjectKind::Organisation), None, Some(place)) => Ok(Some(place)),
            (None, None, None) => Ok(None),
            _ => Err(WrongPlace(self)),
        }
    }
}
