//! Lists that only those see who may change what they belong to.

use std::collections::HashMap;

use entity::values::SubjectKind;
use uuid::Uuid;

use super::{List, Page, Parent, Slice};
use crate::domain::cells::Columns;
use crate::domain::view::View;
use crate::error::Error;
use crate::policy;

impl List {
    /// A page of each parent's part of the list, which is empty where the asker may not change the parent.
    pub async fn pages_of_changeable<R: Columns>(
        &self,
        view: &View,
        (kind, parent): (SubjectKind, &Parent),
        parents: &[Uuid],
        page: &Page,
    ) -> Result<Vec<Slice<R>>, Error> {
        let open = policy::changeable(&view.app, &view.actor, kind, parents).await?;
        if open.is_empty() {
            return Ok(parents.iter().map(|_| Slice::empty(page)).collect());
        }
        let found = self.pages(view, parent, &open, page).await?;
        let mut found: HashMap<Uuid, Slice<R>> = open.into_iter().zip(found).collect();
        Ok(parents.iter().map(|id| found.remove(id).unwrap_or_else(|| Slice::empty(page))).collect())
    }
}
