//! What is asked of grants: give and revoke.

use async_graphql::{InputObject, OneofObject};
use entity::values::{Date, GlobalId, Role, SubjectKind};
use entity::{grant, identity};
use uuid::Uuid;

use super::{GrantInput, give};
use crate::domain::input::{self, seen, seen_if_given};
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Code, Error, Said};
use crate::policy::{self, Action, Permit, SignIn};

/// Names an identity.
#[derive(Clone, Debug, OneofObject)]
pub enum IdentityBy {
    /// Its id.
    Id(GlobalId),
    /// What its issuer calls it. It need not have been here before.
    SignIn(SignInInput),
}

/// A sign-in as its issuer names it.
#[derive(Clone, Debug, InputObject)]
pub struct SignInInput {
    /// Who issues the tokens: their `iss`.
    pub issuer: String,
    /// Whom they mean: their `sub`, or what the issuer's settings say.
    pub subject: String,
}

/// What somebody may do, and where.
#[derive(Clone, Debug, InputObject)]
pub struct GrantRoleInput {
    /// Who.
    pub identity: IdentityBy,
    /// What they may do.
    pub role: Role,
    /// A coordinator's group; those below it are meant too.
    pub group: Option<GlobalId>,
    /// A representative's organisation; its units are meant too.
    pub organisation: Option<GlobalId>,
    /// From which day on; today when left out.
    pub from: Option<Date>,
    /// The day after the last; without end when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which grant is to end, and when.
#[derive(Clone, Debug, InputObject)]
pub struct RevokeRoleInput {
    /// Which.
    pub grant: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The day after the last; today, and so at once, when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for GrantRoleInput {
    how!(GrantRole);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = policy::permit(&view.actor, Action::GrantRole)?;
        if let IdentityBy::Id(id) = self.identity {
            seen(view, id, SubjectKind::Identity, "identity").await?;
        }
        seen_if_given(view, self.group, SubjectKind::Group, "group").await?;
        seen_if_given(view, self.organisation, SubjectKind::Organisation, "organisation").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let sign_in = match &self.identity {
            IdentityBy::Id(id) => {
                let row: identity::Model =
                    writer.find(id.of(SubjectKind::Identity)).await?.ok_or_else(|| Error::NotFound.at("identity"))?;
                SignIn { issuer: row.issuer, subject: row.subject, claims: Vec::new() }
            }
            IdentityBy::SignIn(named) => SignIn {
                issuer: input::name(&named.issuer, "issuer").map_err(|error| error.at("identity"))?,
                subject: input::name(&named.subject, "subject").map_err(|error| error.at("identity"))?,
                claims: Vec::new(),
            },
        };
        let today = Date(writer.app().today());
        let period = input::period(self.from.unwrap_or(today), self.until)?;
        let grant = GrantInput {
            sign_in,
            role: self.role,
            group: self.group.map(|id| id.of(SubjectKind::Group)),
            organisation: self.organisation.map(|id| id.of(SubjectKind::Organisation)),
            period,
        };
        give(writer, grant).await
    }
}

impl Command for RevokeRoleInput {
    how!(RevokeRole);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let grant = (SubjectKind::Grant, self.grant.of(SubjectKind::Grant));
        let permit = policy::permit_on(&view.app, &view.actor, Action::RevokeRole, grant).await;
        permit.map_err(|error| error.at("grant"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.grant.of(SubjectKind::Grant);
        let mut row: grant::Model = writer.expect(SubjectKind::Grant, id, self.expected_version).await?;
        let until = self.until.map_or(writer.app().today(), |until| until.0);
        if until > row.valid_until {
            let said = Said::both("the grant is over before that day", "behörigheten är avslutad före den dagen");
            return Err(Error::invalid(Code::InvalidInput, said).at("until"));
        }
        // A grant that has not begun ends before its first day, and stays on record without a day.
        row.valid_until = until.max(row.valid_from);
        row.valid_precision %= 3;
        let mut entry = writer.entry(SubjectKind::Grant, id);
        writer.put(&mut entry, row).await?;
        writer.finish::<grant::Model>(entry).await?;
        Ok(id)
    }
}
