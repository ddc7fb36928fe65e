use entity::values::{Audience, Role};
use uuid::Uuid;

/// What a valid token proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Who issued it.
    pub issuer: String,
    /// Whom the issuer means.
    pub subject: String,
    /// Rights that the token itself carries, beside those that are granted here.
    pub claims: Vec<Claim>,
}

impl SignIn {
    /// The identity that this sign-in is: the same wherever and whenever it is computed.
    pub fn identity(&self) -> Uuid {
        let issuer = Uuid::new_v5(&Uuid::NAMESPACE_URL, self.issuer.as_bytes());
        Uuid::new_v5(&issuer, self.subject.as_bytes())
    }
}

/// A right that a token carries: by the server's own key, or by what an issuer's claims are mapped to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What the bearer may do.
    pub role: Role,
    /// Where: the slug of a coordinator's group or of a representative's organisation.
    pub place: Option<String>,
}

/// A right that holds today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    /// What the actor may do.
    pub role: Role,
    /// Where: a coordinator's group or a representative's organisation.
    pub place: Option<Uuid>,
    /// The grant that it rests on; `None` when the token carries it.
    pub grant: Option<Uuid>,
}

/// Who is asking, and what they may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    who: Who,
    rights: Vec<Right>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Public,
    Identity { sign_in: SignIn, person: Option<Uuid>, on_record: bool },
    Operator { command: String },
}

impl Actor {
    /// Anyone, without a token.
    pub fn public() -> Self {
        Self { who: Who::Public, rights: Vec::new() }
    }

    /// Somebody who has signed in, the person whom the identity is linked to, and what they may.
    pub fn signed_in(sign_in: SignIn, person: Option<Uuid>, rights: Vec<Right>) -> Self {
        Self { who: Who::Identity { sign_in, person, on_record: false }, rights }
    }

    /// The same, whose identity is in the directory.
    #[must_use]
    pub fn on_record(mut self) -> Self {
        if let Who::Identity { on_record, .. } = &mut self.who {
            *on_record = true;
        }
        self
    }

    /// Whoever runs a command beside the database, and could as well edit it by hand.
    pub fn operator(command: &str) -> Self {
        let everything = Right { role: Role::Administrator, place: None, grant: None };
        Self { who: Who::Operator { command: command.to_owned() }, rights: vec![everything] }
    }

    /// Whoever holds one right and nothing else: to ask what that right alone allows.
    pub(super) fn holding(right: Right) -> Self {
        Self { who: Who::Public, rights: vec![right] }
    }

    pub(super) fn is_operator(&self) -> bool {
        matches!(self.who, Who::Operator { .. })
    }

    /// Whether the actor is anybody in particular.
    pub fn is_known(&self) -> bool {
        self.who != Who::Public
    }

    /// What the Change trail calls the actor: an identity's id, or the command.
    pub fn name(&self) -> String {
        match &self.who {
            Who::Public => "public".to_owned(),
            Who::Identity { sign_in, .. } => sign_in.identity().to_string(),
            Who::Operator { command } => format!("command:{command}"),
        }
    }

    /// The sign-in, if there is one.
    pub fn sign_in(&self) -> Option<&SignIn> {
        match &self.who {
            Who::Identity { sign_in, .. } => Some(sign_in),
            _ => None,
        }
    }

    /// The sign-in of somebody whose identity may not be in the directory yet.
    pub fn newcomer(&self) -> Option<&SignIn> {
        match &self.who {
            Who::Identity { sign_in, on_record: false, .. } => Some(sign_in),
            _ => None,
        }
    }

    /// The person whom the identity is linked to.
    pub fn person(&self) -> Option<Uuid> {
        match &self.who {
            Who::Identity { person, .. } => *person,
            _ => None,
        }
    }

    /// What the actor may today.
    pub fn rights(&self) -> &[Right] {
        &self.rights
    }

    /// Whether the actor has a role, anywhere.
    pub fn has(&self, role: Role) -> bool {
        self.rights.iter().any(|right| right.role == role)
    }

    /// The groups that a coordinator keeps, or the organisations that a representative does; those below them are meant too.
    pub fn places(&self, role: Role) -> Vec<Uuid> {
        self.rights.iter().filter(|right| right.role == role).filter_map(|right| right.place).collect()
    }

    /// The widest audience that includes the actor everywhere; in the places that they keep they see as far as coordinators do.
    pub fn sees(&self) -> Audience {
        match self.who {
            Who::Public => Audience::Public,
            _ if self.has(Role::Administrator) || self.has(Role::Auditor) => Audience::Administrators,
            _ => Audience::SignedIn,
        }
    }

    /// Whether people with protected personal data exist for the actor.
    pub fn sees_protected(&self) -> bool {
        self.has(Role::Administrator)
    }
}
