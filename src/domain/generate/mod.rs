//! Plausible directories of a given size: to measure with, and to look at the plans of statements with. The same size, seed and day give
//! the same directory, on both databases. All in it is fictional.
//!
//! Rows are written in bulk and not by verbs, which would take hours. The rules that verbs and triggers keep are therefore proved of the
//! whole afterwards. The trail of what is generated begins with organisations and groups alone.

mod agreements;
mod draw;
mod groups;
mod meetings;
mod members;
mod names;
mod organisations;
mod people;
mod projects;
mod proof;
mod record;
mod sink;

use chrono::NaiveDate;
use entity::values::Period;
use uuid::Uuid;

use crate::app::App;
use crate::db::Sql;
use crate::db::bulk::Bulk;
use crate::error::{Code, Error, Said};
use draw::Draw;
use people::Post;
use sink::Sink;

/// How large a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Organisations and units.
    pub organisations: usize,
    /// People.
    pub people: usize,
    /// Groups.
    pub groups: usize,
    /// Memberships, of today and of before.
    pub memberships: usize,
    /// Meetings, held and planned.
    pub meetings: usize,
}

impl Size {
    /// A county.
    pub const S: Self = Self { organisations: 60, people: 2_000, groups: 150, memberships: 6_000, meetings: 2_000 };
    /// A nation.
    pub const L: Self =
        Self { organisations: 3_000, people: 200_000, groups: 20_000, memberships: 800_000, meetings: 400_000 };

    /// How many rows of these five kinds there are in all: what progress is counted in.
    pub fn total(&self) -> usize {
        self.organisations + self.people + self.groups + self.memberships + self.meetings
    }
}

/// Told how many more rows there are.
pub type Progress<'a> = &'a (dyn Fn(usize) + Send + Sync);

/// A directory in the making.
struct World<'a> {
    size: Size,
    today: NaiveDate,
    draw: Draw,
    sink: Sink<'a>,
    /// Those that exist today.
    organisations: Vec<Uuid>,
    /// The municipalities among them.
    municipalities: Vec<Uuid>,
    people: Vec<Uuid>,
    /// Positions that a seat may go with.
    posts: Vec<Post>,
    groups: Vec<Uuid>,
    /// The group made last, if it still exists.
    neighbour: Option<Uuid>,
}

/// Who the trail says has written it.
const COMMAND: &str = "generate";

/// Fills an empty database, all or nothing, and proves what it wrote. [`Error::Invalid`] when the directory is not empty.
pub async fn generate(app: &App, size: Size, seed: u64, progress: Progress<'_>) -> Result<(), Error> {
    let full = "SELECT 1 FROM organisation UNION ALL SELECT 1 FROM person UNION ALL SELECT 1 FROM change LIMIT 1";
    if !app.db.query(Sql::text(full)).await?.is_empty() {
        let why = Said::both("the directory is not empty", "katalogen är inte tom");
        return Err(Error::invalid(Code::BadRequest, why));
    }
    let mut bulk = Bulk::begin(&app.db).await?;
    let done = fill(&mut bulk, app, size, seed, progress).await;
    match done {
        Ok(()) => bulk.commit().await,
        Err(error) => {
            bulk.rollback().await?;
            Err(error)
        }
    }
}

async fn fill(bulk: &mut Bulk, app: &App, size: Size, seed: u64, progress: Progress<'_>) -> Result<(), Error> {
    let mut world = World {
        size,
        today: app.today(),
        draw: Draw::new(seed),
        sink: Sink::new(bulk, progress, app.now()),
        organisations: Vec::new(),
        municipalities: Vec::new(),
        people: Vec::new(),
        posts: Vec::new(),
        groups: Vec::new(),
        neighbour: None,
    };
    world.organisations().await?;
    world.people().await?;
    world.groups().await?;
    world.record().await?;
    world.sink.flush().await?;
    bulk.restore().await?;
    proof::holds(bulk, size).await
}

/// The stored form of all time.
fn always() -> (NaiveDate, NaiveDate, i16) {
    Period::ALWAYS.columns()
}
