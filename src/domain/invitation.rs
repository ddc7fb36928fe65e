//! Invitations: a person is given a code by which they link their own sign-in, so that nobody is taken for somebody by an e-mail address alone.

use async_graphql::InputObject;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::invitation;
use entity::values::{GlobalId, Instant, SubjectKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::db::Sql;
use crate::domain::cells::row;
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Code, Error, Said};
use crate::policy::{self, Action, Permit, scope};

/// How long an invitation can be accepted unless it says otherwise, and at most.
const DAYS: (i32, i32) = (14, 90);
const MICROSECONDS_A_DAY: i64 = 24 * 3600 * 1_000_000;

row! {
    /// An invitation.
    Row { id, person_id: Uuid, expires_at: Instant, identity_id: Option<Uuid>, version: i32 }
}

/// Who is invited.
#[derive(Clone, Debug, InputObject)]
pub struct InvitePersonInput {
    /// Who.
    pub person: GlobalId,
    /// For how many days the invitation can be accepted, 1 to 90.
    #[graphql(default = 14)]
    pub days: i32,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// The invitations with these ids, for who may invite the person.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    let query = Sql::from(format!(
        "SELECT {} FROM invitation v JOIN person h ON h.id = v.person_id WHERE v.id IN",
        Row::columns("v")
    ));
    let found: Vec<Row> = view.rows(query.then(Sql::list(ids)).and(scope::person(&view.actor, "h"))).await?;
    let mut seen = Vec::new();
    for row in found {
        let person = (SubjectKind::Person, row.person_id);
        if policy::permit_on(&view.app, &view.actor, Action::InvitePerson, person).await.is_ok() {
            seen.push(row);
        }
    }
    Ok(seen)
}

/// The code of an invitation: made of its id with the directory's own key, so that it is kept nowhere.
pub fn code(app: &App, id: Uuid) -> String {
    let mark = app.mark(format!("invitation {id}").as_bytes());
    URL_SAFE_NO_PAD.encode(&mark[..16])
}

/// The invitation with this code, which nobody else accepts meanwhile.
pub async fn find_by_code(writer: &Writer, code: &str) -> Result<Option<invitation::Model>, Error> {
    let hash = Sha256::digest(code.trim()).to_vec();
    let found = invitation::Entity::find().filter(invitation::Column::CodeHash.eq(hash)).lock_exclusive();
    Ok(found.one(writer.db()).await?)
}

impl Command for InvitePersonInput {
    how!(InvitePerson);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let person = (SubjectKind::Person, self.person.of(SubjectKind::Person));
        let permit = policy::permit_on(&view.app, &view.actor, Action::InvitePerson, person).await;
        permit.map_err(|error| error.at("person"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        if !(1..=DAYS.1).contains(&self.days) {
            let said = Said::both("this takes 1 to 90 days", "detta tar 1 till 90 dagar");
            return Err(Error::invalid(Code::InvalidInput, said).at("days"));
        }
        let id = writer.app().new_id();
        let row = invitation::Model {
            id,
            person_id: self.person.of(SubjectKind::Person),
            code_hash: Sha256::digest(code(writer.app(), id)).to_vec(),
            expires_at: Instant(writer.app().now().0 + i64::from(self.days) * MICROSECONDS_A_DAY),
            identity_id: None,
            version: 1,
        };
        let mut entry = writer.entry(SubjectKind::Invitation, id);
        writer.put(&mut entry, row).await?;
        writer.finish::<invitation::Model>(entry).await?;
        Ok(id)
    }
}
