//! Contact points: how to reach someone or something.

mod commands;

use entity::contact_point;
use entity::values::{Audience, ContactPointKind, ContactValue, Period, SubjectKind, Term};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::{Select, row};
use crate::domain::view::View;
use crate::domain::write::{Outcome, Verbs, Writer, derived};
use crate::domain::{membership, tenure};
use crate::error::Error;
use crate::policy::scope;

pub use commands::{AddContactPointInput, RemoveContactPointInput, UpdateContactPointInput};

row! {
    /// A contact point.
    Row {
        id, subject_kind: SubjectKind, subject_id: Uuid, kind: ContactPointKind => [text], value: String => [text], note: Option<String> => [text],
        label: Option<String>, audience: Audience, version: i32,
    } dated
}

/// The contact points of each subject that hold on the day and that the asker may see.
pub async fn of_subjects(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let columns = Select::default().column(true, "c.subject_id").row::<Row>("c", &view.selection);
    let held = Sql::from("FROM contact_point c WHERE c.subject_id IN")
        .then(Sql::list(ids))
        .and(view.current("c"))
        .and(scope::contact_point(&view.actor, "c", view.app.today()))
        .then("ORDER BY c.kind, c.ordinal, c.id");
    view.select(&columns, held).await
}

/// The contact points with these ids that the asker may see, whatever their period.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    let query = Sql::from(format!("SELECT {} FROM contact_point c WHERE c.id IN", Row::columns("c")))
        .then(Sql::list(ids))
        .and(scope::contact_point_by_id(&view.actor, "c", view.app.today()));
    view.rows(query).await
}

/// How to reach each member in that capacity: per kind of contact point those of the membership, or else of the seat, or else of the
/// positions that the person holds in the organisation they sit for, or else of the person. What the asker may not see does not count.
pub async fn effective(view: View, members: Vec<membership::Row>) -> Result<Vec<(Uuid, Row)>, Error> {
    let people = members.iter().map(|member| member.membership.person_id).collect();
    let tenures = tenure::held_by(view.clone(), people).await?;
    let places: Vec<(Uuid, Vec<Vec<Uuid>>)> =
        members.iter().map(|member| (member.membership.id, places(member, &tenures))).collect();
    let subjects = places.iter().flat_map(|(_, places)| places.iter().flatten().copied()).collect();
    let found = of_subjects(view, subjects).await?;
    let at =
        |place: Vec<Uuid>| found.iter().filter(move |(id, _)| place.contains(id)).map(|(_, row)| row.clone()).collect();
    let of_each = |(id, places): (Uuid, Vec<Vec<Uuid>>)| {
        nearest(places.into_iter().map(at), |row| row.kind).into_iter().map(move |row| (id, row))
    };
    Ok(places.into_iter().flat_map(of_each).collect())
}

/// Where to look for a member's contact points, the nearest first.
fn places(member: &membership::Row, tenures: &[(Uuid, tenure::Row)]) -> Vec<Vec<Uuid>> {
    let of_person = tenures.iter().filter(|(person, _)| *person == member.membership.person_id);
    let of_person = of_person.filter_map(|(_, row)| row.position.as_ref()).map(|row| &row.position);
    let mut positions: Vec<Uuid> = of_person
        .filter(|position| Some(position.organisation_id) == member.membership.on_behalf_of_id)
        .map(|position| position.id)
        .collect();
    if let Some(position) = member.seat.position_id.filter(|position| !positions.contains(position)) {
        positions.insert(0, position);
    }
    vec![vec![member.membership.id], vec![member.seat.id], positions, vec![member.membership.person_id]]
}

/// Of the contact points of several places, the nearest first, those that reach somebody: per kind those of the first place that has any.
pub fn nearest<R>(places: impl IntoIterator<Item = Vec<R>>, kind: impl Fn(&R) -> ContactPointKind) -> Vec<R> {
    let mut chosen: Vec<R> = Vec::new();
    for place in places {
        let nearer: Vec<ContactPointKind> = chosen.iter().map(&kind).collect();
        chosen.extend(place.into_iter().filter(|row| !nearer.contains(&kind(row))));
    }
    chosen.sort_by_key(kind);
    chosen
}

/// A contact point, as a verb takes it.
#[derive(Clone, Debug)]
pub struct ContactPointInput {
    pub value: ContactValue,
    pub label: Option<String>,
    pub audience: Audience,
    pub period: Period,
}

const VERBS: Verbs = Verbs { new: "addContactPoint", changed: "updateContactPoint", gone: "removeContactPoint" };

/// Makes the contact points that documents gave a subject what they should be. Those that were added otherwise stay.
pub async fn put(
    writer: &mut Writer,
    (subject_kind, subject_id): (SubjectKind, Uuid),
    inputs: Vec<ContactPointInput>,
) -> Result<Outcome, Error> {
    let mut wanted: Vec<contact_point::Model> = Vec::new();
    for input in inputs {
        let ordinal = 1 + wanted.iter().filter(|row| row.kind == input.value.kind).map(|_| 1).sum::<i32>();
        let (valid_from, valid_until, valid_precision) = input.period.columns();
        wanted.push(contact_point::Model {
            id: derived(subject_id, &format!("contact/{}/{ordinal}", input.value.kind.word())),
            subject_kind,
            subject_id,
            kind: input.value.kind,
            value: input.value.value,
            note: input.value.note,
            label: input.label,
            audience: input.audience,
            ordinal,
            valid_from,
            valid_until,
            valid_precision,
            version: 0,
        });
    }
    let were =
        contact_point::Entity::find().filter(contact_point::Column::SubjectId.eq(subject_id)).all(writer.db()).await?;
    writer.replace_each((VERBS, SubjectKind::ContactPoint), were, wanted).await
}
