//! Where a rule was broken: the database says only which.

use entity::values::{SubjectKind, Term};
use serde_json::Value;
use uuid::Uuid;

use super::Writable;
use super::entry::columns;
use crate::error::{Error, Rule};

/// The failure of writing a row, with what the broken rule is about.
pub fn explained<M: Writable>(error: Error, row: &M) -> Error {
    let Error::Conflict { rule, on } = error else { return error };
    let named = about(rule).and_then(|(column, kind)| {
        let columns = columns(row).ok()?;
        let id = columns.get(column).and_then(Value::as_str)?;
        Some((kind, Uuid::parse_str(id).ok()?))
    });
    // A rule that the outer row breaks, such as a seat's capacity, is about that row itself; what is taken, about another.
    let taken = matches!(rule, Rule::SlugTaken | Rule::OrganisationNumberTaken);
    let itself = || SubjectKind::parse(&M::TABLE.to_uppercase()).filter(|_| !taken).map(|kind| (kind, row.id()));
    let found = if on.is_empty() { named.or_else(itself).into_iter().collect() } else { on };
    let conflict = Error::Conflict { rule, on: found };
    match field(rule) {
        Some(field) => conflict.at(field),
        None => conflict,
    }
}

/// The part of the input that breaks the rule, where every mutation calls it the same.
fn field(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::SlugTaken => "slug",
        Rule::OrganisationNumberTaken => "organisationNumber",
        Rule::GroupCycle | Rule::OrganisationCycle | Rule::AgreementCycle | Rule::UnitHasParent => "parent",
        Rule::ReferenceTaken => "references",
        Rule::ProjectCofinancingShare => "cofinancingRate",
        Rule::ProjectAmounts => "granted",
        Rule::FigureRange => "valueTo",
        Rule::SeatCapacityPositive => "capacity",
        Rule::SeatExOfficioPosition => "position",
        Rule::GrantScope => "role",
        _ => return None,
    })
}

/// The column of the inner row that names what the rule is about.
fn about(rule: Rule) -> Option<(&'static str, SubjectKind)> {
    Some(match rule {
        Rule::SeatCapacity | Rule::MembershipTwice | Rule::MembershipOutsideSeat => ("seat_id", SubjectKind::Seat),
        Rule::MembershipOutsideOrganisation => ("on_behalf_of_id", SubjectKind::Organisation),
        Rule::SeatOutsideGroup => ("group_id", SubjectKind::Group),
        Rule::SeatOutsideOrganisation | Rule::PositionOutsideOrganisation => {
            ("organisation_id", SubjectKind::Organisation)
        }
        Rule::SubstitutionOutsideMembership => ("membership_id", SubjectKind::Membership),
        Rule::TenureOutsidePosition | Rule::PositionOneHolder => ("position_id", SubjectKind::Position),
        Rule::GroupCycle => ("parent_id", SubjectKind::Group),
        Rule::AgreementCycle => ("parent_id", SubjectKind::Agreement),
        Rule::AgreementPartyTwice
        | Rule::AgreementPartyOutsideAgreement
        | Rule::AgreementPartyOutsideOrganisation
        | Rule::AgreementPartyNoticeWithin => ("organisation_id", SubjectKind::Organisation),
        Rule::OrganisationCycle => ("parent_id", SubjectKind::Organisation),
        Rule::OrganisationSuccessorCycle => ("successor_id", SubjectKind::Organisation),
        Rule::GrantTwice => ("identity_id", SubjectKind::Identity),
        _ => return None,
    })
}
