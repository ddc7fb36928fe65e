//! What `samverkan token` accepts.

use clap::{Args, ValueEnum};
use entity::values::{Role, WrongPlace};
use samverkan::policy::Claim;

#[derive(Args)]
pub struct TokenFlags {
    /// What its bearer may do
    #[arg(long, value_enum)]
    pub role: TokenRole,
    /// The group that a coordinator keeps
    #[arg(long, value_name = "SLUG")]
    group: Option<String>,
    /// The organisation that a representative keeps
    #[arg(long, value_name = "SLUG")]
    organisation: Option<String>,
    /// Who its bearer is: the same name is the same identity [default: the role]
    #[arg(long, value_name = "NAME", value_parser = name)]
    subject: Option<String>,
    /// How long it holds; at most 720 hours, which is 30 days
    #[arg(long, value_name = "N", default_value_t = HOURS, value_parser = clap::value_parser!(u16).range(1..=720))]
    pub hours: u16,
}

/// How long a token holds when nobody says.
pub const HOURS: u16 = 12;

#[derive(Clone, Copy, ValueEnum)]
pub enum TokenRole {
    Administrator,
    Auditor,
    Coordinator,
    Representative,
    /// Nothing but being signed in
    SignedIn,
}

impl TokenRole {
    /// The role; signing in is none.
    pub fn role(self) -> Option<Role> {
        match self {
            Self::Administrator => Some(Role::Administrator),
            Self::Auditor => Some(Role::Auditor),
            Self::Coordinator => Some(Role::Coordinator),
            Self::Representative => Some(Role::Representative),
            Self::SignedIn => None,
        }
    }
}

impl TokenFlags {
    pub fn subject(&self) -> String {
        let role = || self.role.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
        self.subject.clone().unwrap_or_else(role)
    }

    /// The right that the token is to carry.
    pub fn claim(&self) -> Result<Option<Claim>, String> {
        let Some(role) = self.role.role() else {
            let nowhere = self.group.is_none() && self.organisation.is_none();
            return if nowhere {
                Ok(None)
            } else {
                Err("being signed in is for no group and no organisation".to_owned())
            };
        };
        let place = role.at(self.group.clone(), self.organisation.clone());
        let place = place.map_err(|wrong: WrongPlace| wrong.to_string())?;
        Ok(Some(Claim { role, place }))
    }
}

/// What a token can say.
pub fn name(text: &str) -> Result<String, String> {
    let fits = (1..=255).contains(&text.chars().count()) && !text.contains(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err("1 to 255 characters".to_owned()) }
}

pub const EXAMPLES: &str = "\
The database's own key signs it. Servers of this database accept it unless own_tokens is off, which it is when the settings
name issuers. Treat it like a password.

Examples:
  samverkan token --role administrator
  samverkan token --role coordinator --group run --hours 1
  samverkan token --role representative --organisation bracke --subject anna";
