//! From a sign-in to an actor: what somebody may today, by grants and by what the token carries.

use entity::values::{Role, SubjectKind};
use sea_orm::QueryResult;
use uuid::Uuid;

use super::{Actor, Claim, Right, SignIn};
use crate::app::App;
use crate::db::{Sql, sql};
use crate::error::Error;

/// What is read of an identity `i`: its person and today's grants, if there are any. The join leaves one row for an identity without grants.
const HELD: &str =
    "i.person_id AS person_id, g.role AS role, COALESCE(g.group_id, g.organisation_id) AS place, g.id AS grant_id";
const GRANTS: &str = "LEFT JOIN \"grant\" g ON g.identity_id = i.id AND g.valid_from <= ? AND g.valid_until > ?";

/// Who has signed in. One statement, for every request: a grant that is revoked is gone at once.
pub async fn actor(app: &App, sign_in: SignIn) -> Result<Actor, Error> {
    let today = app.today();
    let known =
        sql!(format!("SELECT {HELD} FROM identity i {GRANTS} WHERE i.id = ?"), today, today, sign_in.identity());
    let asked = sign_in.claims.iter().filter_map(place).fold(known, |sql, place| sql.then("UNION ALL").then(place));
    let rows = app.db.query(asked).await?;
    arrived(sign_in, &rows)
}

/// What a row of a table `x` is to whoever owns it, by `x.identity_id`: the columns that are asked for, and what the owner may today by what
/// is granted to them. One statement.
pub async fn owner(app: &App, columns: &str, table: &str, which: Sql) -> Result<Option<(Actor, QueryResult)>, Error> {
    let today = app.today();
    let select = format!("SELECT {columns}, i.issuer AS issuer, i.subject AS subject, {HELD}");
    let owned = format!("{select} FROM {table} x JOIN identity i ON i.id = x.identity_id {GRANTS} WHERE");
    let mut rows = app.db.query(sql!(owned, today, today).then(which)).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    // What a token carried is gone with the token.
    let sign_in =
        SignIn { issuer: row.try_get("", "issuer")?, subject: row.try_get("", "subject")?, claims: Vec::new() };
    Ok(Some((arrived(sign_in, &rows)?, rows.swap_remove(0))))
}

fn arrived(sign_in: SignIn, rows: &[QueryResult]) -> Result<Actor, Error> {
    // A role that holds everywhere needs no look-up.
    let everywhere = sign_in.claims.iter().filter(|claim| claim.place.is_none() && claim.role.place().is_none());
    let mut rights: Vec<Right> = everywhere.map(|claim| Right { role: claim.role, place: None, grant: None }).collect();
    let (mut person, mut on_record) = (None, false);
    for row in rows {
        person = person.or(row.try_get::<Option<Uuid>>("", "person_id")?);
        let (role, grant): (Option<Role>, Option<Uuid>) = (row.try_get("", "role")?, row.try_get("", "grant_id")?);
        // What a claim says comes without a grant.
        on_record |= role.is_none() || grant.is_some();
        if let Some(role) = role {
            rights.push(Right { role, place: row.try_get("", "place")?, grant });
        }
    }
    let actor = Actor::signed_in(sign_in, person, rights);
    Ok(if on_record { actor.on_record() } else { actor })
}

/// Where a claim's right would hold; [`Error::NotFound`] when its slug names nothing, or when its role is not for such a place.
pub async fn locate(app: &App, claim: &Claim) -> Result<Option<Uuid>, Error> {
    if claim.place.is_none() && claim.role.place().is_none() {
        return Ok(None);
    }
    let asked = place(claim).ok_or(Error::NotFound)?;
    let found = app.db.query(asked).await?;
    Ok(Some(found.first().ok_or(Error::NotFound)?.try_get_by_index(2)?))
}

/// The right that a claim gives, once its slug is looked up. A slug that names nothing gives no row, and so no right.
fn place(claim: &Claim) -> Option<Sql> {
    let table = if claim.role.place()? == SubjectKind::Group { "\"group\"" } else { "organisation" };
    let right = format!("SELECT NULL, ?, p.id, NULL FROM {table} p WHERE p.slug = ?");
    let role = sea_orm::ActiveEnum::to_value(&claim.role);
    Some(sql!(right, role, claim.place.clone()?))
}
