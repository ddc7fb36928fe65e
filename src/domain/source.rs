//! Sources: where something in the directory was taken from.

mod commands;

use async_graphql::OneofObject;
use chrono::NaiveDate;
use entity::values::{GlobalId, Slug, SubjectKind};
use entity::{document, source};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns, Identified, row};
use crate::domain::page::{Key, List, Page, Slice};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer, derived};
use crate::error::{Error, Rule};

pub use commands::{CreateDocumentInput, QuotedInput, UpdateDocumentInput, quoted};

row! {
    /// A source, alone.
    Bare { id, subject_id: Uuid, quote: Option<String>, note: Option<String>, unclear: bool }
}

row! {
    /// A document.
    Document {
        id, slug: String, title: String, publisher: Option<String>, published_on: Option<NaiveDate>, url: Option<String>,
        note: Option<String>, version: i32,
    }
}

/// A source with its document.
#[derive(Clone, Debug)]
pub struct Row {
    pub source: Bare,
    pub document: Document,
}

impl Columns for Row {
    const WIDTH: usize = Bare::WIDTH + Document::WIDTH;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        Ok(Self { source: Bare::read(cells)?, document: Document::read(cells)? })
    }
}

impl Identified for Row {
    fn id(&self) -> Uuid {
        self.source.id
    }
}

/// The sources of each subject, in the order in which they were given.
pub async fn of_subjects(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let query = Sql::from(format!(
        "SELECT {}, {} FROM source r JOIN document d ON d.id = r.document_id WHERE r.subject_id IN",
        Bare::columns("r"),
        Document::columns("d")
    ))
    .then(Sql::list(ids))
    .then("ORDER BY r.ordinal, r.id");
    Ok(view.rows::<Row>(query).await?.into_iter().map(|row| (row.source.subject_id, row)).collect())
}

/// Names one document.
#[derive(Clone, Debug, OneofObject)]
pub enum DocumentBy {
    /// Its id.
    Id(GlobalId),
    /// Its name in addresses.
    Slug(String),
}

/// The documents with these ids.
pub async fn documents(view: View, ids: Vec<Uuid>) -> Result<Vec<Document>, Error> {
    all(Sql::from("d.id IN").then(Sql::list(ids))).all(&view, "").await
}

/// One document.
pub async fn find(view: &View, by: DocumentBy) -> Result<Option<Document>, Error> {
    let condition = match by {
        DocumentBy::Id(id) => sql!("d.id = ?", id.of(SubjectKind::Document)),
        DocumentBy::Slug(slug) => sql!("d.slug = ?", slug),
    };
    Ok(all(condition).all(view, "").await?.pop())
}

/// A page of all documents, by their names in addresses.
pub async fn list(view: &View, page: &Page) -> Result<Slice<Document>, Error> {
    all(Sql::default()).page(view, page).await
}

fn all(filter: Sql) -> List {
    List {
        name: "document by slug",
        columns: Document::columns("d").into(),
        main: "d",
        table: "document d",
        joins: Sql::default(),
        filter,
        keys: &[Key::Text("d.slug"), Key::Id("d.id")],
        descending: false,
        veiled: None,
    }
}

/// A document, as a verb takes it.
#[derive(Clone, Debug)]
pub struct DocumentInput {
    pub slug: Slug,
    pub title: String,
    pub publisher: Option<String>,
    pub published_on: Option<NaiveDate>,
    pub url: Option<String>,
    pub note: Option<String>,
}

/// Where something was taken from, as a verb takes it.
#[derive(Clone, Debug)]
pub struct SourceInput {
    pub document: Uuid,
    pub quote: Option<String>,
    pub note: Option<String>,
    pub unclear: bool,
}

const DOCUMENT: Verbs = Verbs { new: "createDocument", changed: "updateDocument", gone: "removeDocument" };

/// Makes a document what it should be.
pub async fn put_document(writer: &mut Writer, id: Uuid, input: DocumentInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(DOCUMENT, SubjectKind::Document, id);
    let row = document::Model {
        id,
        slug: input.slug.into(),
        title: input.title,
        publisher: input.publisher,
        published_on: input.published_on,
        url: input.url,
        note: input.note,
        version: 0,
    };
    writer.put(&mut entry, row).await?;
    Ok(writer.record(entry))
}

/// Makes the sources of a subject what they should be, as part of the verb that the entry is of.
pub async fn put(
    writer: &Writer,
    entry: &mut Entry,
    (subject_kind, subject_id): (SubjectKind, Uuid),
    sources: Vec<SourceInput>,
) -> Result<(), Error> {
    let were = if entry.makes(subject_id) {
        Vec::new()
    } else {
        source::Entity::find().filter(source::Column::SubjectId.eq(subject_id)).all(writer.db()).await?
    };
    let wanted = (1..).zip(sources).map(|(ordinal, input)| source::Model {
        id: derived(subject_id, &format!("source/{ordinal}")),
        subject_kind,
        subject_id,
        document_id: input.document,
        quote: input.quote,
        note: input.note,
        unclear: input.unclear,
        ordinal,
    });
    writer.replace(entry, were, wanted.collect()).await.map_err(unknown)
}

/// All that a source refers to is its document.
fn unknown(error: Error) -> Error {
    match error {
        Error::Conflict { rule: Rule::ReferenceMissing, .. } => Error::NotFound.at("document").at("sources"),
        other => other,
    }
}
