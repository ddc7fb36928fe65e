//! What `samverkan grant` accepts.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use entity::values::{Role, Term as _};
use samverkan::policy::{Claim, SignIn};

#[derive(Args)]
pub struct GrantFlags {
    /// Who issues the tokens: what they say in `iss`
    #[arg(long, value_name = "URL", value_parser = super::token::name)]
    issuer: String,
    /// Whom they mean: what they say in `sub`, or in the claim that the issuer's settings name
    #[arg(long, value_parser = super::token::name)]
    subject: String,
    /// What that somebody may do
    #[arg(long, value_parser = PossibleValuesParser::new(ROLES).try_map(role))]
    role: Role,
    /// The group that a coordinator keeps
    #[arg(long, value_name = "SLUG")]
    group: Option<String>,
    /// The organisation that a representative keeps
    #[arg(long, value_name = "SLUG")]
    organisation: Option<String>,
}

const ROLES: [&str; 4] = ["administrator", "auditor", "coordinator", "representative"];

fn role(name: String) -> Result<Role, String> {
    Role::parse(&name.to_ascii_uppercase()).ok_or_else(|| "it is no role".to_owned())
}

impl GrantFlags {
    /// Whose grant it is to be.
    pub fn sign_in(&self) -> SignIn {
        SignIn { issuer: self.issuer.clone(), subject: self.subject.clone(), claims: Vec::new() }
    }

    /// What they are to be granted.
    pub fn claim(&self) -> Result<Claim, String> {
        let place = self.role.at(self.group.clone(), self.organisation.clone());
        Ok(Claim { role: self.role, place: place.map_err(|wrong| wrong.to_string())? })
    }
}

pub const EXAMPLES: &str = "\
Whoever can run this can reach the database, and so may do everything. It is how the first administrator comes to be; further
grants can be given through the API. The grant holds from today on, without end.

Examples:
  samverkan grant --issuer https://login.microsoftonline.com/TENANT/v2.0 --subject OBJECT-ID --role administrator
  samverkan grant --issuer https://id.example.org/realms/region --subject UUID --role coordinator --group run";
