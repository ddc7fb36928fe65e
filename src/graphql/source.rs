//! Sources as the schema shows them.

use async_graphql::{Description, Object, SimpleObject};
use entity::values::Date;

use super::row::Row;
use crate::domain::cells::Identified;
use crate::domain::source;
use crate::error::Error;

/// Källa: where something in the directory was taken from.
#[derive(Description)]
pub struct Source(pub Row<source::Row>);

/// Dokument: a document that sources quote.
#[derive(Clone, Debug, SimpleObject)]
pub struct Document {
    /// The document's name in addresses.
    pub slug: String,
    /// The document's title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// The day that it bears.
    pub date: Option<Date>,
    /// Where it can be read.
    pub url: Option<String>,
    /// What a reader must know about it.
    pub note: Option<String>,
}

#[Object(use_type_description)]
impl Source {
    /// The document.
    async fn document(&self) -> Document {
        let row = &self.0.document;
        Document {
            slug: row.slug.clone(),
            title: row.title.clone(),
            publisher: row.publisher.clone(),
            date: row.published_on.map(Date),
            url: row.url.clone(),
            note: row.note.clone(),
        }
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
