//! What is asked of sources: to quote a document, to enter one, and to change what is known of it.

use async_graphql::{InputObject, MaybeUndefined};
use entity::document;
use entity::values::{Date, GlobalId, SubjectKind};
use uuid::Uuid;

use super::SourceInput;
use crate::domain::input;
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Code, Error, Said};
use crate::policy::{self, Action, Permit};

/// The most sources of one thing.
const MOST: usize = 50;

/// Where something is taken from.
#[derive(Clone, Debug, InputObject)]
#[graphql(name = "SourceInput")]
pub struct QuotedInput {
    /// The document.
    pub document: GlobalId,
    /// The phrase as the document has it.
    pub quote: Option<String>,
    /// What a reader must know about how the phrase was read.
    pub note: Option<String>,
    /// Whether the document is unclear here; then the note says why.
    #[graphql(default)]
    pub unclear: bool,
}

/// Sources as a command gives them.
pub fn quoted(inputs: &[QuotedInput]) -> Result<Vec<SourceInput>, Error> {
    input::at_most(inputs.len(), MOST, "sources")?;
    let source = |given: &QuotedInput| {
        if given.unclear && given.note.is_none() {
            let why =
                Said::both("an unclear source says why, in its note", "en oklar källa säger varför, i anmärkningen");
            return Err(Error::invalid(Code::InvalidInput, why).at("note"));
        }
        Ok(SourceInput {
            document: given.document.of(SubjectKind::Document),
            quote: input::text_if_given(given.quote.as_ref(), "quote")?,
            note: input::text_if_given(given.note.as_ref(), "note")?,
            unclear: given.unclear,
        })
    };
    inputs.iter().map(source).collect::<Result<_, Error>>().map_err(|error| error.at("sources"))
}

/// A document that sources are to quote.
#[derive(Clone, Debug, InputObject)]
pub struct CreateDocumentInput {
    /// Its name in addresses: lower-case letters a–z, digits and single hyphens. Unique and lasting.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// The day that it bears.
    pub date: Option<Date>,
    /// Where it can be read.
    pub url: Option<String>,
    /// What a reader must know about it.
    pub note: Option<String>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about a document; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateDocumentInput {
    /// Which.
    pub document: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Its name in addresses: lower-case letters a–z, digits and single hyphens. Old addresses lead nowhere.
    pub slug: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Who published it; null for unknown.
    pub publisher: MaybeUndefined<String>,
    /// The day that it bears; null for none.
    pub date: MaybeUndefined<Date>,
    /// Where it can be read; null for nowhere.
    pub url: MaybeUndefined<String>,
    /// What a reader must know about it; null for nothing.
    pub note: MaybeUndefined<String>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for CreateDocumentInput {
    how!(CreateDocument);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        policy::permit(&view.actor, Action::CreateDocument)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Document);
        let row = document::Model {
            id,
            slug: input::slug(&self.slug, "slug")?.into(),
            title: input::name(&self.title, "title")?,
            publisher: input::name_if_given(self.publisher.as_ref(), "publisher")?,
            published_on: self.date.map(|date| date.0),
            url: self.url.as_ref().map(|url| input::web(url, "url")).transpose()?,
            note: input::text_if_given(self.note.as_ref(), "note")?,
            version: 0,
        };
        writer.put(&mut entry, row).await?;
        writer.record(entry);
        Ok(id)
    }
}

impl Command for UpdateDocumentInput {
    how!(UpdateDocument);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let subject = (SubjectKind::Document, self.document.of(SubjectKind::Document));
        let permit = policy::permit_on(&view.app, &view.actor, Action::UpdateDocument, subject).await;
        permit.map_err(|error| error.at("document"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.document.of(SubjectKind::Document);
        let mut row: document::Model = writer.expect(SubjectKind::Document, id, self.expected_version).await?;
        if let Some(slug) = &self.slug {
            row.slug = input::slug(slug, "slug")?.into();
        }
        if let Some(title) = &self.title {
            row.title = input::name(title, "title")?;
        }
        row.publisher = input::changed_name(&self.publisher, row.publisher, "publisher")?;
        row.published_on = input::changed(&self.date.map_value(|date| date.0), row.published_on);
        row.url = match &self.url {
            MaybeUndefined::Value(url) => Some(input::web(url, "url")?),
            other => input::changed(other, row.url),
        };
        row.note = input::changed_text(&self.note, row.note, "note")?;
        let mut entry = writer.entry(SubjectKind::Document, id);
        writer.put(&mut entry, row).await?;
        writer.record(entry);
        Ok(id)
    }
}
