//! Whose something is, as the schema shows it.

use async_graphql::Union;
use uuid::Uuid;

use super::group::Group;
use super::organisation::Organisation;
use super::row::Row;
use crate::domain::cells::Identified;
use crate::error::Error;

/// Whose something is.
#[derive(Union)]
pub enum Owner {
    /// A group's.
    Group(Group),
    /// An organisation's, or a unit's.
    Organisation(Organisation),
}

/// The group or the organisation that columns of a row name, if there is one and the asker sees it.
pub async fn owner<R>(
    row: &Row<R>,
    group: fn(&R) -> Option<Uuid>,
    organisation: fn(&R) -> Option<Uuid>,
) -> Result<Option<Owner>, Error>
where
    R: Identified + Clone + Send + Sync + 'static,
{
    if let Some(found) = row.one("ownerGroup", group, crate::domain::group::by_ids).await? {
        return Ok(Some(Owner::Group(Group(found))));
    }
    let found = row.one("ownerOrganisation", organisation, crate::domain::organisation::by_ids).await?;
    Ok(found.map(Organisation).map(Owner::Organisation))
}
