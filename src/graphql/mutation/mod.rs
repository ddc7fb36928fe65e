//! What can be changed: one file a noun, and the payloads and errors that they share.

mod access;
mod account;
mod agreement;
mod calendar;
mod contact_point;
mod error;
mod group;
mod meeting;
mod membership;
mod organisation;
mod payload;
mod person;
mod position;
mod project;
mod schedule;
mod seat;
mod source;
mod substitution;
mod tenure;

use async_graphql::MergedObject;

pub use error::UserError;

/// Everything that can be changed. Each mutation is one step: it happens as a whole and is on record, or nothing happens. What was expected to be
/// possible and is not is told in the payload's `errors`; errors of the request as a whole are for callers who may not call the mutation at all.
#[derive(MergedObject, Default)]
pub struct Mutation(
    access::AccessMutations,
    group::GroupMutations,
    membership::MembershipMutations,
    organisation::OrganisationMutations,
    seat::SeatMutations,
    person::PersonMutations,
    position::PositionMutations,
    tenure::TenureMutations,
    substitution::SubstitutionMutations,
    schedule::ScheduleMutations,
    meeting::MeetingMutations,
    calendar::CalendarMutations,
    contact_point::ContactPointMutations,
    agreement::AgreementMutations,
    project::ProjectMutations,
    account::AccountMutations,
    source::SourceMutations,
);
