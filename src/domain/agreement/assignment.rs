//! Assignments: what agreements ask, and of which group or unit.

mod commands;

use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::row;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::view::View;
use crate::error::Error;
use crate::policy::scope;

pub use commands::{AddAssignmentInput, RemoveAssignmentInput, UpdateAssignmentInput};

row! {
    /// What an agreement asks.
    Assignment {
        id, agreement_id: Uuid, name: String, description: Option<String>, group_id: Option<Uuid>, organisation_id: Option<Uuid>,
    }
}

/// The assignments with these ids, of agreements that the asker may see.
pub async fn assignments_by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Assignment>, Error> {
    let seen = Sql::from("s.id IN").then(Sql::list(ids)).and(scope::agreement(&view.actor, "a"));
    List { joins: Sql::from("JOIN agreement a ON a.id = s.agreement_id"), filter: seen, ..all() }.all(&view, "").await
}

/// What each agreement asks, in its order. A group that the asker does not see is not named.
pub async fn assignments(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Assignment>>, Error> {
    all().pages(&view, &Parent::new("agreement", "s.agreement_id = parent.id"), &ids, &page).await
}

fn all() -> List {
    List {
        name: "assignment by order",
        columns: Assignment::columns("s").into(),
        main: "s",
        table: "assignment s",
        joins: Sql::default(),
        filter: Sql::default(),
        keys: &[Key::Number("s.ordinal"), Key::Id("s.id")],
        descending: false,
        veiled: None,
    }
}
