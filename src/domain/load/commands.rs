//! Records of documents as the commands that verbs take.

use entity::values::{SittingPlan, Slug};
use uuid::Uuid;

use super::references::id;
use crate::domain::contact_point::ContactPointInput;
use crate::domain::figure::FigureInput;
use crate::domain::group::{GroupInput, RelationInput, RelationTarget};
use crate::domain::meeting::{AttendanceInput, MeetingInput, SittingInput};
use crate::domain::membership::{Decision, MembershipInput};
use crate::domain::organisation::{NameInput, OrganisationInput};
use crate::domain::person::PersonInput;
use crate::domain::position::PositionInput;
use crate::domain::schedule::ScheduleInput;
use crate::domain::seat::SeatInput;
use crate::domain::source::{DocumentInput, SourceInput};
use crate::domain::substitution::SubstitutionInput;
use crate::domain::tenure::TenureInput;
use crate::interchange::directory::{self as document, Reference, RelationTo};

pub fn to(noun: &str, reference: &Reference) -> Uuid {
    id(noun, &reference.key)
}

pub fn to_any(noun: &str, reference: Option<&Reference>) -> Option<Uuid> {
    reference.map(|reference| to(noun, reference))
}

pub fn sources(sources: Vec<document::Source>) -> Vec<SourceInput> {
    let input = |source: document::Source| SourceInput {
        document: to("document", &source.document),
        quote: source.quote,
        note: source.note,
        unclear: source.unclear,
    };
    sources.into_iter().map(input).collect()
}

pub fn document(record: document::Document) -> DocumentInput {
    DocumentInput {
        slug: record.slug,
        title: record.title,
        publisher: record.publisher,
        published_on: record.date.map(|date| date.0),
        url: record.url,
        note: record.note,
    }
}

/// In the place of a document that was refused, so that what cites it can be tried. Nothing stays of it.
pub fn stand_in(id: Uuid) -> Option<DocumentInput> {
    let slug = Slug::parse(&id.to_string()).ok()?;
    Some(DocumentInput { slug, title: id.to_string(), publisher: None, published_on: None, url: None, note: None })
}

pub fn organisation(record: document::Organisation) -> OrganisationInput {
    let name = |name: document::Name| NameInput { name: name.name, short_name: name.short_name, period: name.period };
    OrganisationInput {
        slug: record.slug,
        kind: record.kind,
        names: record.names.into_iter().map(name).collect(),
        organisation_number: record.organisation_number,
        municipality_code: record.municipality_code,
        parent: to_any("organisation", record.parent.as_ref()),
        successor: to_any("organisation", record.successor.as_ref()),
        period: record.period,
        sources: sources(record.sources),
    }
}

pub fn person(record: document::Person) -> PersonInput {
    PersonInput {
        given_name: record.given_name,
        family_name: record.family_name,
        audience: record.audience,
        sources: sources(record.sources),
    }
}

pub fn position(record: document::Position) -> PositionInput {
    PositionInput {
        organisation: to("organisation", &record.organisation),
        title: record.title,
        period: record.period,
        sources: sources(record.sources),
    }
}

pub fn tenure(record: document::Tenure) -> TenureInput {
    TenureInput {
        position: to("position", &record.position),
        person: to("person", &record.person),
        period: record.period,
        end_reason: record.end_reason,
        sources: sources(record.sources),
    }
}

pub fn group(record: document::Group) -> GroupInput {
    GroupInput {
        slug: record.slug,
        name: record.name,
        short_name: record.short_name,
        kind: record.kind,
        purpose: record.purpose,
        parent: to_any("group", record.parent.as_ref()),
        convener: to_any("organisation", record.convener.as_ref()),
        audience: record.audience,
        period: record.period,
        sources: sources(record.sources),
    }
}

pub fn relations(records: Vec<document::Relation>) -> Vec<RelationInput> {
    let input = |record: document::Relation| RelationInput {
        kind: record.kind,
        to: match &record.to {
            RelationTo::Group(target) => RelationTarget::Group(to("group", target)),
            RelationTo::Organisation(target) => RelationTarget::Organisation(to("organisation", target)),
        },
        period: record.period,
        sources: sources(record.sources),
    };
    records.into_iter().map(input).collect()
}

pub fn seat(record: document::Seat) -> SeatInput {
    SeatInput {
        group: to("group", &record.group),
        role: record.role,
        organisation: to_any("organisation", record.organisation.as_ref()),
        appointer: to_any("organisation", record.appointer.as_ref()),
        fill: record.fill,
        position: to_any("position", record.position.as_ref()),
        capacity: record.capacity,
        voting: record.voting,
        description: record.description,
        ordinal: record.ordinal,
        period: record.period,
        sources: sources(record.sources),
    }
}

pub fn membership(record: document::Membership) -> MembershipInput {
    let decision = |decision: document::Decision| Decision {
        body: decision.body,
        date: decision.date.map(|date| date.0),
        reference: decision.reference,
    };
    MembershipInput {
        seat: to("seat", &record.seat),
        person: to("person", &record.person),
        on_behalf_of: to_any("organisation", record.on_behalf_of.as_ref()),
        period: record.period,
        decision: record.decision.map(decision).unwrap_or_default(),
        end_reason: record.end_reason,
        replaces: to_any("membership", record.replaces.as_ref()),
        sources: sources(record.sources),
    }
}

pub fn substitutions(records: Vec<document::Substitution>) -> Vec<SubstitutionInput> {
    let input = |record: document::Substitution| SubstitutionInput {
        person: to("person", &record.person),
        meeting: to_any("meeting", record.meeting.as_ref()),
        order: record.order,
        voting: record.voting,
        period: record.period,
        sources: sources(record.sources),
    };
    records.into_iter().map(input).collect()
}

pub fn contact_points(records: Vec<document::ContactPoint>) -> Vec<ContactPointInput> {
    let input = |record: document::ContactPoint| ContactPointInput {
        value: record.value,
        label: record.label,
        audience: record.audience,
        period: record.period,
    };
    records.into_iter().map(input).collect()
}

pub fn figures(records: Vec<document::Figure>) -> Vec<FigureInput> {
    let input = |record: document::Figure| FigureInput {
        id: id("figure", &record.key),
        measure: record.measure,
        value: record.value,
        value_to: record.value_to,
        unit: record.unit,
        exactness: record.exactness,
        period: record.period,
        note: record.note,
        sources: sources(record.sources),
    };
    records.into_iter().map(input).collect()
}

pub fn schedule(record: document::Schedule) -> ScheduleInput {
    let part = |part: document::ScheduleSitting| SittingPlan {
        start_time: part.start_time,
        minutes: part.minutes,
        groups: part.groups.iter().map(|group| to("group", group)).collect(),
        digital_offered: part.digital_offered,
    };
    ScheduleInput {
        groups: record.groups.iter().map(|group| to("group", group)).collect(),
        recurrence: record.recurrence,
        per_year: record.per_year,
        except: record.except,
        extra: record.extra,
        start_time: record.start_time,
        minutes: record.minutes,
        place: record.meeting_place,
        digital_offered: record.digital_offered,
        digital_url: record.digital_url,
        description: record.description,
        kind: record.kind,
        sittings: record.sittings.into_iter().map(part).collect(),
        period: record.period,
        sources: sources(record.sources),
    }
}

pub fn meeting(record: document::Meeting) -> MeetingInput {
    let sitting = |sitting: document::Sitting| SittingInput {
        starts_at: sitting.time.starts_at,
        ends_at: sitting.time.ends_at,
        precision: sitting.time.precision,
        groups: sitting.groups.iter().map(|group| to("group", group)).collect(),
        place: sitting.meeting_place,
        digital_offered: sitting.digital_offered,
        digital_url: sitting.digital_url,
    };
    let present = |present: document::Attendance| AttendanceInput {
        person: to("person", &present.person),
        mode: present.mode,
        in_place_of: to_any("membership", present.membership.as_ref()),
    };
    MeetingInput {
        kind: record.kind,
        state: record.state,
        title: record.title,
        schedule: to_any("schedule", record.schedule.as_ref()),
        moved_from: record.moved_from,
        sittings: record.sittings.into_iter().map(sitting).collect(),
        attendance: record.attendance.into_iter().map(present).collect(),
        sources: sources(record.sources),
    }
}
