//! What documents say of the record: agreements, projects, events, and what owners say of their work.

use entity::values::{Audience, Exactness, Fund, Period, ProjectPhase, ReferenceNumber};

use super::{ContactPoint, Figure, Place, Reference, Source};

/// What organisations have agreed on.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    pub place: Place,
    pub key: String,
    pub name: String,
    pub purpose: Option<String>,
    pub owner: Option<Reference>,
    pub parent: Option<Reference>,
    pub audience: Audience,
    pub period: Period,
    pub references: Vec<ReferenceNumber>,
    pub parties: Vec<Party>,
    pub assignments: Vec<Assignment>,
    pub sources: Vec<Source>,
}

/// A party to an agreement: an organisation, or what a source calls several that it does not name.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    pub place: Place,
    pub organisation: Option<Reference>,
    pub description: Option<String>,
    pub number: Option<i32>,
    pub period: Period,
    /// The day, month or year in which it gave notice.
    pub notice: Option<Period>,
}

/// What an agreement asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    pub place: Place,
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    pub owner: Option<Owner>,
}

/// Whose something is, or on whom it falls.
#[derive(Clone, Debug, PartialEq)]
pub enum Owner {
    Group(Reference),
    Organisation(Reference),
}

/// What is run for a time, with means of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    pub place: Place,
    pub key: String,
    pub name: String,
    pub summary: Option<String>,
    pub objective: Option<String>,
    pub owner: Reference,
    pub contact: Option<Reference>,
    pub assignment: Option<Reference>,
    pub phase: Option<ProjectPhase>,
    pub fund: Option<Fund>,
    pub programme: Option<String>,
    pub programme_area: Option<String>,
    pub specific_objective: Option<String>,
    pub intervention_type: Option<String>,
    pub nuts: Option<String>,
    /// In whole kronor.
    pub granted: Option<i32>,
    /// In whole kronor.
    pub total_budget: Option<i32>,
    /// In hundredths of a percent.
    pub cofinancing_rate: Option<i32>,
    pub subject_area: Option<String>,
    pub audience: Audience,
    pub period: Period,
    pub references: Vec<ReferenceNumber>,
    pub partners: Vec<Partner>,
    pub municipalities: Vec<Reference>,
    pub indicators: Vec<Indicator>,
    pub contact_points: Vec<ContactPoint>,
    pub figures: Vec<Figure>,
    pub sources: Vec<Source>,
}

/// Who takes part in a project; at least one of the two is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Partner {
    pub organisation: Option<Reference>,
    pub description: Option<String>,
}

/// What a project was to reach, and what it reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    pub name: String,
    pub target: Option<i32>,
    pub outcome: Option<i32>,
    pub women: Option<i32>,
    pub men: Option<i32>,
}

/// A course, a conference or another occasion.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub place: Place,
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    pub owner: Owner,
    /// Who else arranges it.
    pub organisers: Vec<Owner>,
    pub assignment: Option<Reference>,
    pub subject_area: Option<String>,
    pub meeting_place: Option<String>,
    pub participants: Option<(i32, Exactness)>,
    pub audience: Audience,
    pub period: Period,
    pub figures: Vec<Figure>,
    pub sources: Vec<Source>,
}

/// A priority, a follow-up item, an activity or a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub place: Place,
    pub key: String,
    /// Its place among those of its owner, from 1.
    pub ordinal: i32,
    pub name: String,
    pub description: Option<String>,
    pub owner: Owner,
    pub assignment: Option<Reference>,
    pub period: Period,
    pub figures: Vec<Figure>,
    pub sources: Vec<Source>,
}
