//! Failures that a mutation's payload tells: each says what, where, and what to do.

use async_graphql::{Interface, Object, SimpleObject, Union};
use entity::values::{GlobalId, Role};

use crate::domain::view::View;
use crate::error::{Code, Error, Language, Rule, Subject};
use crate::graphql::node::{self, Node};

/// Why a mutation changed nothing.
#[derive(Union)]
pub enum MutationError {
    NotFound(NotFound),
    NotAllowed(NotAllowed),
    InvalidInput(InvalidInput),
    RuleBroken(RuleBroken),
    VersionConflict(VersionConflict),
    KeyReused(KeyReused),
}

/// What every failure of a mutation says.
#[derive(Interface)]
#[graphql(
    field(
        name = "message",
        ty = "&String",
        desc = "What is wrong, in the language of `Accept-Language`: Swedish or English."
    ),
    field(name = "path", ty = "&Vec<String>", desc = "Which part of the input it is about."),
    field(name = "code", ty = "&Code", desc = "What to branch on.")
)]
pub enum UserError {
    NotFound(NotFound),
    NotAllowed(NotAllowed),
    InvalidInput(InvalidInput),
    RuleBroken(RuleBroken),
    VersionConflict(VersionConflict),
    KeyReused(KeyReused),
}

/// Finns inte: there is no such thing, or it is not for the asker to know of.
#[derive(SimpleObject)]
pub struct NotFound {
    /// What is wrong.
    message: String,
    /// Which part of the input it is about.
    path: Vec<String>,
    /// What to branch on.
    code: Code,
}

/// Inte din: the asker sees the thing but may not change it.
#[derive(SimpleObject)]
pub struct NotAllowed {
    /// What is wrong.
    message: String,
    /// Which part of the input it is about.
    path: Vec<String>,
    /// What to branch on.
    code: Code,
    /// Which roles could, in the right place.
    roles: Vec<Role>,
}

/// Ogiltig uppgift: a part of the input cannot be right.
#[derive(SimpleObject)]
pub struct InvalidInput {
    /// What is wrong.
    message: String,
    /// Which part of the input it is about.
    path: Vec<String>,
    /// What to branch on.
    code: Code,
}

/// Återanvänd nyckel: the idempotency key came with another input before.
#[derive(SimpleObject)]
pub struct KeyReused {
    /// What is wrong.
    message: String,
    /// Which part of the input it is about.
    path: Vec<String>,
    /// What to branch on.
    code: Code,
}

/// Regelbrott: a rule of the directory would be broken.
pub struct RuleBroken {
    told: Told,
    rule: Rule,
    remedy: String,
    on: Vec<Subject>,
    view: View,
}

/// Ändrad under tiden: somebody else has changed the thing since the asker looked.
pub struct VersionConflict {
    told: Told,
    version: i32,
    of: Subject,
    view: View,
}

struct Told {
    message: String,
    path: Vec<String>,
    code: Code,
}

/// Regelbrott: a rule of the directory would be broken.
#[Object]
impl RuleBroken {
    /// What is wrong.
    async fn message(&self) -> &String {
        &self.told.message
    }

    /// Which part of the input it is about.
    async fn path(&self) -> &Vec<String> {
        &self.told.path
    }

    /// What to branch on.
    async fn code(&self) -> &Code {
        &self.told.code
    }

    /// Which rule.
    async fn rule(&self) -> Rule {
        self.rule
    }

    /// What to do, in the language of the message.
    async fn remedy(&self) -> &String {
        &self.remedy
    }

    /// Where: what the rule is about, as far as the asker may see it.
    async fn on(&self) -> Result<Vec<Node>, Error> {
        nodes(&self.view, &self.on).await
    }
}

/// Ändrad under tiden: somebody else has changed the thing since the asker looked.
#[Object]
impl VersionConflict {
    /// What is wrong.
    async fn message(&self) -> &String {
        &self.told.message
    }

    /// Which part of the input it is about.
    async fn path(&self) -> &Vec<String> {
        &self.told.path
    }

    /// What to branch on.
    async fn code(&self) -> &Code {
        &self.told.code
    }

    /// The version now.
    async fn current_version(&self) -> i32 {
        self.version
    }

    /// The thing as it is now.
    async fn current(&self) -> Result<Option<Node>, Error> {
        Ok(nodes(&self.view, &[self.of]).await?.pop())
    }
}

async fn nodes(view: &View, subjects: &[Subject]) -> Result<Vec<Node>, Error> {
    let ids: Vec<GlobalId> =
        subjects.iter().map(|(kind, id)| GlobalId { kind: Some(*kind), id: *id, lens: None }).collect();
    Ok(node::find(view, &ids).await?.into_iter().flatten().collect())
}

/// A failure as the payload tells it. What is no fault of the input is an error of the request instead.
pub fn told(error: Error, view: &View, language: Language) -> Result<MutationError, Error> {
    let mut path = vec!["input".to_owned()];
    let mut cause = error;
    while let Error::At { field, error } = cause {
        path.push(field.to_owned());
        cause = *error;
    }
    let message = cause.said().in_language(language).to_owned();
    let code = cause.code();
    let view = view.clone();
    Ok(match cause {
        Error::NotFound => MutationError::NotFound(NotFound { message, path, code }),
        Error::NotAllowed(roles) => MutationError::NotAllowed(NotAllowed { message, path, code, roles }),
        Error::Invalid { .. } => MutationError::InvalidInput(InvalidInput { message, path, code }),
        Error::KeyReused => MutationError::KeyReused(KeyReused { message, path, code }),
        Error::Conflict { rule, on } => {
            let remedy = rule.remedy().in_language(language).to_owned();
            MutationError::RuleBroken(RuleBroken { told: Told { message, path, code }, rule, remedy, on, view })
        }
        Error::Stale { of, version } => {
            MutationError::VersionConflict(VersionConflict { told: Told { message, path, code }, version, of, view })
        }
        other => return Err(other),
    })
}
