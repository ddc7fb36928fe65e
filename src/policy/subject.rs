//! The rows that actions are done to, as the rules of [`super::action`] speak of them, and whether the actor sees them.

use chrono::NaiveDate;
use entity::values::SubjectKind;

use super::{Actor, scope};
use crate::db::Sql;

/// Where the row `x` of a kind is found, with what the rules want joined to it: the seat `s` of a membership or substitution and the
/// position `q` of a tenure, the agreement `a` of a party or an assignment; and the condition that the actor sees it. `None` for a kind that nothing is done to by itself.
pub fn seen(actor: &Actor, kind: SubjectKind, today: NaiveDate) -> Option<(&'static str, Sql)> {
    let everybody = || Sql::text("1 = 1");
    Some(match kind {
        SubjectKind::Group => ("\"group\" x", scope::group(actor, "x")),
        SubjectKind::GroupRelation => {
            ("group_relation x JOIN \"group\" g ON g.id = x.group_id", scope::group(actor, "g"))
        }
        SubjectKind::Organisation => ("organisation x", everybody()),
        SubjectKind::Person => ("person x", scope::person(actor, "x")),
        SubjectKind::Position => ("position x", everybody()),
        SubjectKind::Tenure => (
            "tenure x JOIN position q ON q.id = x.position_id JOIN person h ON h.id = x.person_id",
            scope::person_in_place(actor, "h"),
        ),
        SubjectKind::Seat => ("seat x JOIN \"group\" g ON g.id = x.group_id", scope::group(actor, "g")),
        SubjectKind::Membership => (
            "membership x JOIN seat s ON s.id = x.seat_id JOIN \"group\" g ON g.id = s.group_id
             JOIN person h ON h.id = x.person_id",
            scope::group(actor, "g").and(scope::person_in_place(actor, "h")),
        ),
        SubjectKind::Substitution => (
            "substitution x JOIN membership m ON m.id = x.membership_id JOIN seat s ON s.id = m.seat_id
             JOIN \"group\" g ON g.id = s.group_id JOIN person h ON h.id = x.person_id JOIN person mh ON mh.id = m.person_id",
            scope::group(actor, "g").and(scope::person_in_place(actor, "h")).and(scope::person_in_place(actor, "mh")),
        ),
        SubjectKind::ContactPoint => ("contact_point x", scope::contact_point_by_id(actor, "x", today)),
        SubjectKind::Agreement => ("agreement x", scope::agreement(actor, "x")),
        SubjectKind::AgreementParty => {
            ("agreement_party x JOIN agreement a ON a.id = x.agreement_id", scope::agreement(actor, "a"))
        }
        SubjectKind::Assignment => {
            ("assignment x JOIN agreement a ON a.id = x.agreement_id", scope::agreement(actor, "a"))
        }
        SubjectKind::Project => ("project x", scope::project(actor, "x")),
        SubjectKind::Event => ("event x", scope::event(actor, "x")),
        SubjectKind::Priority => ("priority x", scope::owned(actor, "x")),
        SubjectKind::FollowUpItem => ("follow_up_item x", scope::owned(actor, "x")),
        SubjectKind::Activity => ("activity x", scope::owned(actor, "x")),
        SubjectKind::Result => ("result x", scope::owned(actor, "x")),
        SubjectKind::Document => ("document x", everybody()),
        SubjectKind::Calendar => ("calendar x", scope::calendar(actor, "x")),
        SubjectKind::Sitting => ("sitting x", scope::sitting(actor, "x")),
        SubjectKind::Schedule => ("schedule x", scope::schedule(actor, "x")),
        SubjectKind::Meeting => ("meeting x", scope::meeting(actor, "x")),
        SubjectKind::Grant => ("\"grant\" x", scope::grant(actor, "x")),
        SubjectKind::Identity => ("identity x", scope::identity(actor, "x")),
        _ => return None,
    })
}
