//! What is asked of groups: create, update.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{Audience, Date, GlobalId, GroupKind, SubjectKind};
use entity::{Dated, group};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{GroupInput, settle, write};
use crate::domain::input::{self, seen_if_given};
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::Error;
use crate::policy::{self, Action, Permit};

/// What a new group is.
#[derive(Clone, Debug, InputObject)]
pub struct CreateGroupInput {
    /// Its name in addresses: lower-case letters a–z, digits and single hyphens. Unique and lasting.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// The short form of the name.
    pub short_name: Option<String>,
    /// What sort of group it is.
    pub kind: GroupKind,
    /// What it is for.
    pub purpose: Option<String>,
    /// The group above it.
    pub parent: Option<GlobalId>,
    /// The organisation that calls it together.
    pub convener: Option<GlobalId>,
    /// Who may see it.
    #[graphql(default_with = "Audience::Public")]
    pub audience: Audience,
    /// From which day on; today when left out, null when nobody knows.
    pub from: MaybeUndefined<Date>,
    /// The day after the last; without an end when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about a group; what is left out stays. It ends by `closeGroup`.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateGroupInput {
    /// Which.
    pub group: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Its name in addresses: lower-case letters a–z, digits and single hyphens. Old addresses lead nowhere.
    pub slug: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// The short form of the name; null for none.
    pub short_name: MaybeUndefined<String>,
    /// What sort of group it is.
    pub kind: Option<GroupKind>,
    /// What it is for; null for nothing that is known.
    pub purpose: MaybeUndefined<String>,
    /// The group above it; null for none. To move it takes the right to create groups there, too.
    pub parent: MaybeUndefined<GlobalId>,
    /// The organisation that calls it together; null for none.
    pub convener: MaybeUndefined<GlobalId>,
    /// Who may see it.
    pub audience: Option<Audience>,
    /// The first day; null when nobody knows. What lies in the group begins no earlier.
    pub from: MaybeUndefined<Date>,
    /// A later day after the last, when it was closed too early; null for no end.
    pub until: MaybeUndefined<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for CreateGroupInput {
    how!(CreateGroup);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = create_below(view, self.parent).await?;
        input::audience(view, self.audience)?;
        seen_if_given(view, self.convener, SubjectKind::Organisation, "convener").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Group);
        let input = GroupInput {
            slug: input::slug(&self.slug, "slug")?,
            name: input::name(&self.name, "name")?,
            short_name: self.short_name.as_deref().map(|name| input::name(name, "shortName")).transpose()?,
            kind: self.kind,
            purpose: self.purpose.as_deref().map(|text| input::text(text, "purpose")).transpose()?,
            parent: self.parent.map(|id| id.of(SubjectKind::Group)),
            convener: self.convener.map(|id| id.of(SubjectKind::Organisation)),
            audience: self.audience,
            period: input::begun(&self.from, self.until, writer.app().today())?,
            sources: Vec::new(),
        };
        write(writer, &mut entry, id, input).await?;
        writer.finish::<group::Model>(entry).await?;
        Ok(id)
    }
}

/// To put a group below another, or below none.
async fn create_below(view: &View, parent: Option<GlobalId>) -> Result<Permit, Error> {
    let permit = match parent {
        Some(parent) => {
            let parent = (SubjectKind::Group, parent.of(SubjectKind::Group));
            policy::permit_on(&view.app, &view.actor, Action::CreateGroup, parent).await
        }
        None => policy::permit(&view.actor, Action::CreateGroup),
    };
    permit.map_err(|error| error.at("parent"))
}

impl Command for UpdateGroupInput {
    how!(UpdateGroup);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let group = (SubjectKind::Group, self.group.of(SubjectKind::Group));
        let permit = policy::permit_on(&view.app, &view.actor, Action::UpdateGroup, group).await;
        let permit = permit.map_err(|error| error.at("group"))?;
        self.permit_move(view).await?;
        if let Some(audience) = self.audience {
            input::audience(view, audience)?;
        }
        seen_if_given(view, self.convener.value().copied(), SubjectKind::Organisation, "convener").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.group.of(SubjectKind::Group);
        let mut row: group::Model = writer.expect(SubjectKind::Group, id, self.expected_version).await?;
        if let Some(slug) = &self.slug {
            row.slug = input::slug(slug, "slug")?.into();
        }
        if let Some(name) = &self.name {
            row.name = input::name(name, "name")?;
        }
        row.short_name = input::changed_name(&self.short_name, row.short_name, "shortName")?;
        row.kind = self.kind.unwrap_or(row.kind);
        row.purpose = input::changed_text(&self.purpose, row.purpose, "purpose")?;
        row.parent_id = match self.parent {
            // Who may not put groups at the top sees none above this one, and says so.
            MaybeUndefined::Null if policy::permit(writer.permit().actor(), Action::CreateGroup).is_err() => {
                row.parent_id
            }
            parent => input::changed(&parent.map_value(|id| id.of(SubjectKind::Group)), row.parent_id),
        };
        let convener = self.convener.map_value(|id| id.of(SubjectKind::Organisation));
        row.convener_id = input::changed(&convener, row.convener_id);
        row.audience = self.audience.unwrap_or(row.audience);
        row.set_period(input::prolonged(row.period(), &self.from, &self.until)?);
        let mut entry = writer.entry(SubjectKind::Group, id);
        settle(writer, &mut entry, row).await?;
        writer.finish::<group::Model>(entry).await?;
        Ok(id)
    }
}

impl UpdateGroupInput {
    /// To put the group where it is not yet. A parent that the asker does not see is none.
    async fn permit_move(&self, view: &View) -> Result<(), Error> {
        if self.parent.is_undefined() {
            return Ok(());
        }
        let id = self.group.of(SubjectKind::Group);
        let was = group::Entity::find_by_id(id).one(view.app.db.reader().await).await?.ok_or(Error::NotFound)?;
        if was.version != self.expected_version {
            // Where it is by now is for whoever looks again.
            return Err(Error::Stale { of: (SubjectKind::Group, id), version: was.version }.at("expectedVersion"));
        }
        let above = match was.parent_id {
            Some(up) if policy::sees(&view.app, &view.actor, (SubjectKind::Group, up)).await? => Some(up),
            _ => None,
        };
        let to = self.parent.value().copied();
        if to.map(|to| to.of(SubjectKind::Group)) != above {
            create_below(view, to).await?;
        }
        Ok(())
    }
}
