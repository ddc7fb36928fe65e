//! A nation: the largest directory that is generated, with accounts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use entity::values::{FOREVER, ReferenceNumber, Role, SubjectKind, Term};
use entity::{grant, identity};
use samverkan::app::App;
use samverkan::db::Sql;
use samverkan::domain::change;
use samverkan::domain::generate::{Size, generate};
use samverkan::policy::{Right, SignIn};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, Statement};
use uuid::Uuid;

use crate::support::{Client, TestApp, clock, on_postgres};

/// Accounts that are added: one in a hundred people has one.
const ACCOUNTS: usize = 2_000;

/// The directory.
pub struct Nation {
    pub app: TestApp,
    /// Sees everything.
    pub all: Client,
    kept: bool,
    /// Some rows of each noun: the first, which the generator gives most to, and some from the middle.
    pub rows: BTreeMap<SubjectKind, Vec<Uuid>>,
    /// Under what an agreement is kept, and a project.
    pub references: Vec<String>,
}

impl Nation {
    /// Made anew, which takes minutes; or the one that `SAMVERKAN_TEST_NATION` names, which is kept.
    pub async fn new() -> Self {
        let kept = std::env::var("SAMVERKAN_TEST_NATION").ok();
        let nation = match &kept {
            Some(url) => TestApp::new(App::open(url, clock()).await.expect("a nation"), url.clone()),
            None => TestApp::empty().await,
        };
        let app = &nation.app;
        if app.db.query(Sql::text("SELECT 1 FROM person LIMIT 1")).await.expect("rows").is_empty() {
            generate(app, Size::L, 1, &|_| ()).await.expect("a nation");
            accounts(app).await;
            if on_postgres() {
                app.db.writer().execute_unprepared("VACUUM ANALYZE").await.expect("statistics");
            }
        }
        let mut rows = BTreeMap::new();
        for kind in SubjectKind::iter() {
            rows.insert(kind, some(app, kind).await);
        }
        let references = vec![reference(app, SubjectKind::Agreement).await, reference(app, SubjectKind::Project).await];
        let all = nation.administrator().for_free();
        Self { app: nation, all, kept: kept.is_some(), rows, references }
    }

    /// Removes it, unless it was there before.
    pub async fn remove(self) {
        if !self.kept {
            self.app.remove().await;
        }
    }

    /// Those who ask, each of whom sees by another condition. The first may do everything.
    pub fn askers(&self) -> Vec<Asker> {
        let keeper = |role, kind: SubjectKind| Right { role, place: Some(self.rows[&kind][0]), grant: None };
        let coordinator = keeper(Role::Coordinator, SubjectKind::Group);
        let representative = keeper(Role::Representative, SubjectKind::Organisation);
        vec![
            self.asker("administrator", TestApp::administrator),
            self.asker("auditor", TestApp::auditor),
            self.asker("reader", |app| app.signed_in("reader", Vec::new())),
            self.asker("public", TestApp::public),
            self.asker("coordinator", |app| app.signed_in("coordinator", vec![coordinator])),
            self.asker("representative", |app| app.signed_in("representative", vec![representative])),
        ]
    }

    fn asker(&self, name: &'static str, client: impl FnOnce(&TestApp) -> Client) -> Asker {
        let heard: Arc<Mutex<Vec<Statement>>> = Arc::default();
        let (listener, mut app) = (heard.clone(), self.app.app.clone());
        app.db = app.db.heard(move |statement| listener.lock().expect("a list").push(statement.clone()));
        let app = TestApp::new(app, self.app.url.clone());
        // More is asked at once than anybody may: what counts here is what each list reads.
        let client = client(&app).for_free();
        Asker { name, app, client, heard }
    }
}

/// Somebody who asks, and what is sent for it.
pub struct Asker {
    pub name: &'static str,
    /// The directory, of which nobody else asks.
    pub app: TestApp,
    pub client: Client,
    heard: Arc<Mutex<Vec<Statement>>>,
}

impl Asker {
    /// What has been sent since the last time.
    pub fn heard(&self) -> Vec<Statement> {
        std::mem::take(&mut *self.heard.lock().expect("a list"))
    }
}

/// The ids of some rows.
async fn some(app: &App, kind: SubjectKind) -> Vec<Uuid> {
    let table = kind.word().to_lowercase();
    let id = if kind == SubjectKind::Change { "seq" } else { "id" };
    let middle = format!("(SELECT count(*) / 2 FROM \"{table}\")");
    let mut rows = Vec::new();
    for part in ["LIMIT 2".to_owned(), format!("LIMIT 4 OFFSET {middle}")] {
        let listed = format!("SELECT {id} FROM \"{table}\" ORDER BY {id} {part}");
        for row in app.db.query(Sql::text(listed)).await.expect("rows") {
            rows.push(match kind {
                SubjectKind::Change => change::id(row.try_get_by_index(0).expect("a place")),
                _ => row.try_get_by_index(0).expect("an id"),
            });
        }
    }
    rows
}

/// Under what the first of its kind is kept.
async fn reference(app: &App, kind: SubjectKind) -> String {
    let first =
        format!("SELECT series, number FROM reference WHERE subject_kind = '{}' ORDER BY id LIMIT 1", kind.word());
    let row = &app.db.query(Sql::text(first)).await.expect("a reference")[0];
    let [series, number] = [0, 1].map(|cell| row.try_get_by_index(cell).expect("a text"));
    ReferenceNumber { series, number }.to_string()
}

/// Identities, each of somebody, and with a grant.
async fn accounts(app: &App) {
    let listed = format!("SELECT id FROM person ORDER BY id LIMIT {ACCOUNTS}");
    let people = app.db.query(Sql::text(listed)).await.expect("people");
    let (mut identities, mut grants) = (Vec::new(), Vec::new());
    for (number, person) in people.iter().enumerate() {
        let issuer = format!("https://login.example.org/{}", ["a", "b"][number % 2]);
        let sign_in = SignIn { issuer: issuer.clone(), subject: number.to_string(), claims: Vec::new() };
        let person_id = (number % 3 > 0).then(|| person.try_get_by_index(0).expect("an id"));
        let id = sign_in.identity();
        identities.push(identity::Model { id, issuer, subject: sign_in.subject, person_id, version: 1 });
        grants.push(grant::Model {
            id: Uuid::from_u128(number as u128 + 1),
            identity_id: id,
            role: if number % 50 == 0 { Role::Administrator } else { Role::Auditor },
            group_id: None,
            organisation_id: None,
            valid_from: app.today(),
            valid_until: FOREVER,
            valid_precision: 0,
            version: 1,
        });
    }
    let db = app.db.writer();
    for some in identities.chunks(500) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        identity::Entity::insert_many(rows).exec(db).await.expect("identities");
    }
    for some in grants.chunks(500) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        grant::Entity::insert_many(rows).exec(db).await.expect("grants");
    }
}
