//! What is asked of parties: join, give notice, leave; and change, where the record is wrong. A party is part of its agreement, whose version
//! counts its changes.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{Date, GlobalId, Period, START_OF_TIME, SubjectKind};
use entity::{Dated, agreement, agreement_party};
use uuid::Uuid;

use crate::domain::agreement::commands::permit;
use crate::domain::agreement::record::existed;
use crate::domain::input::{self, seen_if_given};
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Code, Error, Rule, Said};
use crate::policy::{self, Action, Permit};

/// Who becomes party to an agreement: an organisation, or several that are not named.
#[derive(Clone, Debug, InputObject)]
pub struct JoinAgreementInput {
    /// Which agreement.
    pub agreement: GlobalId,
    /// The version of the agreement that was seen.
    pub expected_version: i32,
    /// Who. Left out, the description says what they are.
    pub organisation: Option<GlobalId>,
    /// What a source calls them.
    pub description: Option<String>,
    /// How many they are, of several that are not named.
    pub number: Option<i32>,
    /// The first day; today when left out, and null for as far back as the agreement and the organisation.
    pub from: MaybeUndefined<Date>,
    /// The day after the last; as long as the agreement and the organisation when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is wrong with what is on record of a party; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct ChangePartyInput {
    /// Which.
    pub party: GlobalId,
    /// The version of the agreement that was seen.
    pub expected_version: i32,
    /// What a source calls them; null for nothing.
    pub description: MaybeUndefined<String>,
    /// How many they are; null for unknown.
    pub number: MaybeUndefined<i32>,
    /// The first day; null for as far back as the agreement and the organisation.
    pub from: MaybeUndefined<Date>,
    /// The day after the last; null for as long as the agreement and the organisation.
    pub until: MaybeUndefined<Date>,
    /// The day on which they gave notice; null when they did not.
    pub notice: MaybeUndefined<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which party gives notice.
#[derive(Clone, Debug, InputObject)]
pub struct GiveNoticeInput {
    /// Which.
    pub party: GlobalId,
    /// The version of the agreement that was seen.
    pub expected_version: i32,
    /// The day on which they give notice; today when left out.
    pub on: Option<Date>,
    /// The day after the last on which they are party, when that follows; as before when left out.
    pub until: Option<Date>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which party leaves, and when.
#[derive(Clone, Debug, InputObject)]
pub struct LeaveAgreementInput {
    /// Which.
    pub party: GlobalId,
    /// The version of the agreement that was seen.
    pub expected_version: i32,
    /// The day after the last on which they are party; today when left out.
    pub until: Option<Date>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for JoinAgreementInput {
    how!(JoinAgreement);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::JoinAgreement, self.agreement).await?;
        seen_if_given(view, self.organisation, SubjectKind::Organisation, "organisation").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let agreement_id = self.agreement.of(SubjectKind::Agreement);
        let agreed: agreement::Model =
            writer.expect(SubjectKind::Agreement, agreement_id, self.expected_version).await?;
        let id = writer.app().new_id();
        let organisation_id = self.organisation.map(|id| id.of(SubjectKind::Organisation));
        let description = input::text_if_given(self.description.as_ref(), "description")?;
        if organisation_id.is_none() && description.is_none() {
            let nobody = Said::both(
                "say who: an organisation, or what they are called",
                "ange vem: en organisation, eller vad de kallas",
            );
            return Err(Error::invalid(Code::InvalidInput, nobody).at("organisation"));
        }
        let mut row = agreement_party::Model {
            id,
            agreement_id,
            organisation_id,
            description,
            number: positive(self.number)?,
            notice_from: None,
            notice_until: None,
            notice_precision: None,
            valid_from: START_OF_TIME,
            valid_until: entity::values::FOREVER,
            valid_precision: 0,
        };
        let period = input::begun(&self.from, self.until, writer.app().today().max(agreed.valid_from))?;
        row.set_period(within(writer, &agreed, &row, period).await?);
        let mut entry = writer.entry(SubjectKind::Agreement, agreement_id);
        writer.put(&mut entry, row).await.map_err(|error| error.at("organisation"))?;
        writer.finish::<agreement::Model>(entry).await?;
        Ok(agreement_id)
    }
}

impl Command for ChangePartyInput {
    how!(ChangeParty);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        of_party(view, Action::ChangeParty, self.party).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (agreed, mut row) = expected(writer, self.party, self.expected_version).await?;
        row.description = input::changed_text(&self.description, row.description, "description")?;
        row.number = positive(input::changed(&self.number, row.number))?;
        if row.organisation_id.is_none() && row.description.is_none() {
            let nobody = Said::both("say what they are called", "ange vad de kallas");
            return Err(Error::invalid(Code::InvalidInput, nobody).at("description"));
        }
        let moved = input::moved(row.period(), input::first_day(&self.from), &self.until);
        let period = moved.map_err(|error| error.at("until"))?;
        row.set_period(within(writer, &agreed, &row, period).await?);
        match self.notice {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => noticed(&mut row, None)?,
            MaybeUndefined::Value(on) => noticed(&mut row, Some(on))?,
        }
        settle(writer, row).await
    }
}

impl Command for GiveNoticeInput {
    how!(GiveNotice, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        of_party(view, Action::GiveNotice, self.party).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (_, mut row) = expected(writer, self.party, self.expected_version).await?;
        if row.notice_from.is_some() {
            let on = (SubjectKind::AgreementParty, row.id);
            return Err(Error::conflict_on(Rule::AgreementPartyNoticeGiven, on.0, on.1).at("party"));
        }
        let today = writer.app().today();
        noticed(&mut row, Some(self.on.unwrap_or(Date(today))))?;
        if self.until.is_some() {
            row.set_period(input::ended(row.period(), self.until, today)?);
        }
        settle(writer, row).await
    }
}

impl Command for LeaveAgreementInput {
    how!(LeaveAgreement, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        of_party(view, Action::LeaveAgreement, self.party).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (_, mut row) = expected(writer, self.party, self.expected_version).await?;
        row.set_period(input::ended(row.period(), self.until, writer.app().today())?);
        settle(writer, row).await
    }
}

async fn of_party(view: &View, action: Action, party: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::AgreementParty, party.of(SubjectKind::AgreementParty));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("party"))
}

/// The party and its agreement, locked, if the agreement is as the asker has seen it.
async fn expected(
    writer: &Writer,
    party: GlobalId,
    version: i32,
) -> Result<(agreement::Model, agreement_party::Model), Error> {
    let id = party.of(SubjectKind::AgreementParty);
    let gone = || Error::NotFound.at("party");
    let of = writer.find::<agreement_party::Model>(id).await?.ok_or_else(gone)?.agreement_id;
    let agreed = writer.expect(SubjectKind::Agreement, of, version).await?;
    // Whoever had the agreement before may have changed it.
    Ok((agreed, writer.lock(id).await?.ok_or_else(gone)?))
}

/// A party's period: open bounds are those of the agreement and of the organisation.
async fn within(
    writer: &Writer,
    agreed: &agreement::Model,
    row: &agreement_party::Model,
    period: Period,
) -> Result<Period, Error> {
    let existed = existed(writer, row.organisation_id.into_iter()).await?;
    let existed = row.organisation_id.and_then(|id| existed.get(&id)).copied().unwrap_or(Period::ALWAYS);
    let organisation = row.organisation_id.map(|id| (SubjectKind::Organisation, id));
    let on = organisation.unwrap_or((SubjectKind::Agreement, row.agreement_id));
    let outside = |rule| Error::conflict_on(rule, on.0, on.1).at("organisation");
    if period.intersection(agreed.period()).is_none() {
        return Err(outside(Rule::AgreementPartyOutsideAgreement));
    }
    let both = agreed.period().intersection(existed).filter(|both| period.intersection(*both).is_some());
    Ok(period.within(both.ok_or_else(|| outside(Rule::AgreementPartyOutsideOrganisation))?))
}

fn noticed(row: &mut agreement_party::Model, on: Option<Date>) -> Result<(), Error> {
    let day = |on: Date| Period::new(Some(on.0), on.0.succ_opt()).map_err(|_| Error::conflict(Rule::PeriodEmpty));
    let notice = on.map(day).transpose()?.map(Period::columns);
    row.notice_from = notice.map(|(from, ..)| from);
    row.notice_until = notice.map(|(_, until, _)| until);
    row.notice_precision = notice.map(|(.., precision)| precision);
    Ok(())
}

fn positive(number: Option<i32>) -> Result<Option<i32>, Error> {
    match number {
        Some(..=0) => {
            let none = Said::both("this takes a number of at least 1", "detta tar ett tal som är minst 1");
            Err(Error::invalid(Code::InvalidInput, none).at("number"))
        }
        number => Ok(number),
    }
}

async fn settle(writer: &mut Writer, row: agreement_party::Model) -> Result<Uuid, Error> {
    let id = row.agreement_id;
    let mut entry = writer.entry(SubjectKind::Agreement, id);
    writer.put(&mut entry, row).await.map_err(|error| error.at("party"))?;
    writer.finish::<agreement::Model>(entry).await?;
    Ok(id)
}
