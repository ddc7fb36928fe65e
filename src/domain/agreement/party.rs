//! Parties: who has joined an agreement, when, and who has given notice or left.

mod commands;

use chrono::NaiveDate;
use entity::values::Period;
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::{Cells, Columns, Identified, row};
use crate::domain::view::View;
use crate::error::Error;
use crate::policy::scope;

pub use commands::{ChangePartyInput, GiveNoticeInput, JoinAgreementInput, LeaveAgreementInput};

row! {
    /// A party to an agreement, as its row has it.
    Bare {
        id, agreement_id: Uuid, organisation_id: Option<Uuid>, description: Option<String>, number: Option<i32>, notice_from: Option<NaiveDate>, notice_until: Option<NaiveDate>,
        notice_precision: Option<i16>,
    } dated
}

/// A party to an agreement: an organisation, or several that a source does not name.
#[derive(Clone, Debug)]
pub struct Party {
    pub party: Bare,
    /// When it gave notice, if it did.
    pub notice: Option<Period>,
}

impl Columns for Party {
    const WIDTH: usize = Bare::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        let party = Bare::read(cells)?;
        let stored = |(from, until), precision| Period::stored(from, until, precision);
        let notice = party.notice_from.zip(party.notice_until).zip(party.notice_precision);
        Ok(Self { notice: notice.map(|(days, precision)| stored(days, precision)), party })
    }
}

impl Identified for Party {
    fn id(&self) -> Uuid {
        self.party.id
    }
}

/// The parties of each agreement, past and future ones too: by when they joined, then by the name in addresses.
pub async fn parties(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Party)>, Error> {
    let query = Sql::from(format!(
        "SELECT {} FROM agreement_party p LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.agreement_id IN",
        Bare::columns("p")
    ));
    let query = query.then(Sql::list(ids)).then("ORDER BY p.agreement_id, p.valid_from, COALESCE(o.slug, ''), p.id");
    Ok(view.rows::<Party>(query).await?.into_iter().map(|row| (row.party.agreement_id, row)).collect())
}

/// The parties with these ids, of agreements that the asker may see.
pub async fn parties_by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Party>, Error> {
    let query = Sql::from(format!(
        "SELECT {} FROM agreement_party p JOIN agreement a ON a.id = p.agreement_id WHERE p.id IN",
        Bare::columns("p")
    ));
    view.rows::<Party>(query.then(Sql::list(ids)).and(scope::agreement(&view.actor, "a"))).await
}
