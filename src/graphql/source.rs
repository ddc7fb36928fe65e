//! Sources as the schema shows them.

use async_graphql::{Description, Object};
use entity::values::{Date, GlobalId, SubjectKind};

use super::row::Row;
use crate::domain::cells::Identified;
use crate::domain::source;
use crate::error::Error;

/// Källa: where something in the directory was taken from.
#[derive(Description)]
pub struct Source(pub Row<source::Row>);

/// Dokument: a document that sources quote.
#[derive(Description)]
pub struct Document(pub Row<source::Document>);

impl From<Row<source::Document>> for Document {
    fn from(row: Row<source::Document>) -> Self {
        Self(row)
    }
}

#[Object(use_type_description)]
impl Document {
    /// The document's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Document)
    }

    /// The document's name in addresses.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// The document's title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Who published it.
    async fn publisher(&self) -> Option<&str> {
        self.0.publisher.as_deref()
    }

    /// The day that it bears.
    async fn date(&self) -> Option<Date> {
        self.0.published_on.map(Date)
    }

    /// Where it can be read.
    async fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// What a reader must know about it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Counts the changes of the document, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

#[Object(use_type_description)]
impl Source {
    /// The document.
    async fn document(&self) -> Result<Document, Error> {
        self.0.part("document", |row| Some(&row.document))?.map(Document).ok_or(Error::NotFound)
    }

    /// The phrase as the document has it.
    async fn quote(&self) -> Option<&str> {
        self.0.source.quote.as_deref()
    }

    /// What a reader must know about how the phrase was read.
    async fn note(&self) -> Option<&str> {
        self.0.source.note.as_deref()
    }

    /// Whether the document is unclear here; `note` then says why.
    async fn unclear(&self) -> bool {
        self.0.source.unclear
    }
}

/// The sources of any row.
pub async fn sources<R: Identified + Clone + Send + Sync + 'static>(row: &Row<R>) -> Result<Vec<Source>, Error> {
    Ok(row.many("sources", source::of_subjects).await?.into_iter().map(Source).collect())
}
