//! What is asked of agreements: create, update, end.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{Audience, Date, GlobalId, Period, START_OF_TIME, SubjectKind, search_key, sort_key};
use entity::{Dated, agreement, agreement_party};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::AgreementInput;
use super::record::{existed, write};
use crate::domain::input::{self, seen_if_given};
use crate::domain::reference;
use crate::domain::source::{self, QuotedInput};
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Writer, how};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit};

/// What a new agreement is. Its parties come by `joinAgreement`, what it asks by `addAssignment`.
#[derive(Clone, Debug, InputObject)]
pub struct CreateAgreementInput {
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub purpose: Option<String>,
    /// The organisation in whose register it is kept, and whose representatives change it.
    pub owner: Option<GlobalId>,
    /// The agreement that it belongs under.
    pub parent: Option<GlobalId>,
    /// Under what it is kept in registers, such as "RUN/659/2016".
    #[graphql(default)]
    pub references: Vec<String>,
    /// Who may see it.
    #[graphql(default_with = "Audience::Public")]
    pub audience: Audience,
    /// From which day on; today when left out, null when nobody knows.
    pub from: MaybeUndefined<Date>,
    /// The day after the last; without an end when left out.
    pub until: Option<Date>,
    /// Where this is taken from.
    #[graphql(default)]
    pub sources: Vec<QuotedInput>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about an agreement; what is left out stays. It ends by `endAgreement`.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateAgreementInput {
    /// Which.
    pub agreement: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// What it is called.
    pub name: Option<String>,
    /// What it is for; null for nothing that is known.
    pub purpose: MaybeUndefined<String>,
    /// The organisation in whose register it is kept, for which the asker may create agreements; null for none, which takes an administrator.
    pub owner: MaybeUndefined<GlobalId>,
    /// The agreement that it belongs under; null for none.
    pub parent: MaybeUndefined<GlobalId>,
    /// Under what it is kept in registers: all of it.
    pub references: Option<Vec<String>>,
    /// Who may see it.
    pub audience: Option<Audience>,
    /// The first day; null when nobody knows. Parties that joined on the first day go with it, and none has joined before it.
    pub from: MaybeUndefined<Date>,
    /// A later day after the last, when it goes on; null for no end. Parties that stay to the end go on, unless they have given notice.
    pub until: MaybeUndefined<Date>,
    /// Where this is taken from: all of it.
    pub sources: Option<Vec<QuotedInput>>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which agreement is to end, and when. Its parties leave then at the latest.
#[derive(Clone, Debug, InputObject)]
pub struct EndAgreementInput {
    /// Which.
    pub agreement: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The day after the last; today when left out.
    pub until: Option<Date>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for CreateAgreementInput {
    how!(CreateAgreement);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = create_for(view, self.owner).await?;
        input::audience(view, self.audience)?;
        seen_if_given(view, self.parent, SubjectKind::Agreement, "parent").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Agreement);
        let input = AgreementInput {
            name: input::name(&self.name, "name")?,
            purpose: input::text_if_given(self.purpose.as_ref(), "purpose")?,
            owner: self.owner.map(|id| id.of(SubjectKind::Organisation)),
            parent: self.parent.map(|id| id.of(SubjectKind::Agreement)),
            audience: self.audience,
            period: input::begun(&self.from, self.until, writer.app().today())?,
            references: reference::parsed(&self.references)?,
            parties: Vec::new(),
            assignments: Vec::new(),
            sources: source::quoted(&self.sources)?,
        };
        write(writer, &mut entry, id, input).await?;
        writer.finish::<agreement::Model>(entry).await?;
        Ok(id)
    }
}

/// To keep an agreement in the register of an organisation, or in none.
async fn create_for(view: &View, owner: Option<GlobalId>) -> Result<Permit, Error> {
    let permit = match owner {
        Some(owner) => {
            let owner = (SubjectKind::Organisation, owner.of(SubjectKind::Organisation));
            policy::permit_on(&view.app, &view.actor, Action::CreateAgreement, owner).await
        }
        None => policy::permit(&view.actor, Action::CreateAgreement),
    };
    permit.map_err(|error| error.at("owner"))
}

impl Command for UpdateAgreementInput {
    how!(UpdateAgreement, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::UpdateAgreement, self.agreement).await?;
        if !self.owner.is_undefined() {
            create_for(view, self.owner.value().copied()).await?;
        }
        if let Some(audience) = self.audience {
            input::audience(view, audience)?;
        }
        seen_if_given(view, self.parent.value().copied(), SubjectKind::Agreement, "parent").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.agreement.of(SubjectKind::Agreement);
        let was: agreement::Model = writer.expect(SubjectKind::Agreement, id, self.expected_version).await?;
        let mut entry = writer.entry(SubjectKind::Agreement, id);
        let mut row = was.clone();
        if let Some(name) = &self.name {
            row.name = input::name(name, "name")?;
            row.sort_key = sort_key(&[&row.name]);
            row.search_key = search_key(&row.name);
        }
        row.purpose = input::changed_text(&self.purpose, row.purpose, "purpose")?;
        row.owner_id = input::changed(&self.owner.map_value(|id| id.of(SubjectKind::Organisation)), row.owner_id);
        row.parent_id = input::changed(&self.parent.map_value(|id| id.of(SubjectKind::Agreement)), row.parent_id);
        row.audience = self.audience.unwrap_or(row.audience);
        row.set_period(input::prolonged(row.period(), &self.from, &self.until)?);
        settle(writer, &mut entry, &was, row).await?;
        if let Some(references) = &self.references {
            let references = reference::parsed(references)?;
            reference::put(writer, &mut entry, (SubjectKind::Agreement, id), references).await?;
        }
        if let Some(quoted) = &self.sources {
            source::put(writer, &mut entry, (SubjectKind::Agreement, id), source::quoted(quoted)?).await?;
        }
        writer.finish::<agreement::Model>(entry).await?;
        Ok(id)
    }
}

impl Command for EndAgreementInput {
    how!(EndAgreement, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::EndAgreement, self.agreement).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.agreement.of(SubjectKind::Agreement);
        let was: agreement::Model = writer.expect(SubjectKind::Agreement, id, self.expected_version).await?;
        let mut entry = writer.entry(SubjectKind::Agreement, id);
        let mut row = was.clone();
        row.set_period(input::ended(was.period(), self.until, writer.app().today())?);
        settle(writer, &mut entry, &was, row).await?;
        writer.finish::<agreement::Model>(entry).await?;
        Ok(id)
    }
}

/// The permit for something that is done to an agreement.
pub async fn permit(view: &View, action: Action, agreement: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Agreement, agreement.of(SubjectKind::Agreement));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("agreement"))
}

/// Writes an agreement, and brings its parties along: those that joined when it began or stay until it ends go on doing so, and none is party
/// outside it. What must become narrower goes first, what becomes wider comes last.
async fn settle(
    writer: &Writer,
    entry: &mut Entry,
    was: &agreement::Model,
    row: agreement::Model,
) -> Result<(), Error> {
    let (id, old, new) = (row.id, was.period(), row.period());
    if old == new {
        return writer.put(entry, row).await;
    }
    let parties = agreement_party::Entity::find().filter(agreement_party::Column::AgreementId.eq(id));
    let parties = parties.order_by_asc(agreement_party::Column::Id).all(writer.db()).await?;
    let existed = existed(writer, parties.iter().filter_map(|party| party.organisation_id)).await?;
    let mut wider = Vec::new();
    for mut party in parties {
        let held = party.period();
        let outside = || Error::conflict_on(Rule::AgreementPartyOutsideAgreement, SubjectKind::Agreement, id);
        let within = held.intersection(new).ok_or_else(outside)?;
        let existed = party.organisation_id.and_then(|id| existed.get(&id)).copied().unwrap_or(Period::ALWAYS);
        let follows = followed(&party, old, new).and_then(|period| period.intersection(existed)).ok_or_else(outside)?;
        if within != held {
            party.set_period(within);
            writer.put(entry, party.clone()).await?;
        }
        if follows != within {
            party.set_period(follows);
            wider.push(party);
        }
    }
    writer.put(entry, row).await?;
    for party in wider {
        writer.put(entry, party).await?;
    }
    Ok(())
}

/// The period of a party when that of its agreement changes.
fn followed(party: &agreement_party::Model, old: Period, new: Period) -> Option<Period> {
    let held = party.period();
    let (from, until, _) = held.columns();
    let joined = if from == old.columns().0 { held.beginning(START_OF_TIME).ok()? } else { held };
    let stays = until == old.columns().1 && party.notice_from.is_none();
    let open = if stays { joined.ending(None).ok()? } else { joined };
    open.within(new).intersection(new)
}
