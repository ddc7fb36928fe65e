use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    ContextSelectionSet, ID, InputType, InputValueResult, OutputType, Positioned, ServerResult, Value,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Datelike, NaiveDate};
use sea_orm::prelude::Uuid;

use super::SubjectKind;

/// An id as the API gives it out: which noun, which row, and the day as of which it was seen when one was chosen. Opaque to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlobalId {
    /// The noun; `None` for a text that is no id of ours, which behaves like the id of something that never was.
    pub kind: Option<SubjectKind>,
    /// The row.
    pub id: Uuid,
    /// The chosen day.
    pub lens: Option<NaiveDate>,
}

impl GlobalId {
    /// The row, if it is of this noun; an id that no row has otherwise.
    pub fn of(self, kind: SubjectKind) -> Uuid {
        if self.kind == Some(kind) { self.id } else { Uuid::nil() }
    }

    /// Reads any text; what is no id of ours is the id of nothing.
    pub fn parse(text: &str) -> Self {
        parse(text).unwrap_or(Self { kind: None, id: Uuid::nil(), lens: None })
    }
}

impl std::fmt::Display for GlobalId {
    /// Tag, row and day in 17 or 21 bytes, in URL-safe base 64.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = Vec::with_capacity(21);
        bytes.push(self.kind.map_or(0, tag));
        bytes.extend(self.id.as_bytes());
        if let Some(day) = self.lens {
            bytes.extend(day.num_days_from_ce().to_be_bytes());
        }
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

fn tag(kind: SubjectKind) -> u8 {
    match kind {
        SubjectKind::Organisation => 1,
        SubjectKind::Person => 2,
        SubjectKind::Position => 3,
        SubjectKind::Tenure => 4,
        SubjectKind::Group => 5,
        SubjectKind::GroupRelation => 6,
        SubjectKind::Seat => 7,
        SubjectKind::Membership => 8,
        SubjectKind::Substitution => 9,
        SubjectKind::ContactPoint => 10,
        SubjectKind::Schedule => 11,
        SubjectKind::Meeting => 12,
        SubjectKind::Figure => 13,
        SubjectKind::Document => 14,
        SubjectKind::Sitting => 15,
        SubjectKind::Identity => 16,
        SubjectKind::Grant => 17,
        SubjectKind::Invitation => 18,
        SubjectKind::Change => 19,
        SubjectKind::Calendar => 20,
        SubjectKind::Agreement => 21,
        SubjectKind::Assignment => 22,
        SubjectKind::AgreementParty => 23,
        SubjectKind::Project => 24,
        SubjectKind::Event => 25,
        SubjectKind::Priority => 26,
        SubjectKind::FollowUpItem => 27,
        SubjectKind::Activity => 28,
        SubjectKind::Result => 29,
    }
}

fn parse(text: &str) -> Option<GlobalId> {
    use sea_orm::Iterable;
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (first, rest) = bytes.split_first()?;
    let (id, day) = rest.split_at_checked(16)?;
    let lens = match day {
        [] => None,
        day => Some(NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(day.try_into().ok()?))?),
    };
    // A lens outside the calendar of the API was never given out.
    let lens_known = lens.is_none_or(|day| (1900..2200).contains(&day.year()));
    let kind = SubjectKind::iter().find(|kind| tag(*kind) == *first).filter(|_| lens_known)?;
    let found = GlobalId { kind: Some(kind), id: Uuid::from_slice(id).ok()?, lens };
    // One id has one text.
    (found.to_string() == text).then_some(found)
}

impl InputType for GlobalId {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let id = <ID as InputType>::parse(value).map_err(async_graphql::InputValueError::propagate)?;
        Ok(Self::parse(&id))
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl OutputType for GlobalId {
    fn type_name() -> Cow<'static, str> {
        <ID as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::String(self.to_string()))
    }
}
