//! Stored documents: what a front-end team's build has found in its code, by the names that the build gave them. Clients then send a name
//! instead of a text, and a server that runs nothing else cannot be asked anything that nobody has thought of.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::guard::{self, Refusal};
use super::receive::Document;
use crate::config::Http;
use crate::error::Code;

/// What a document is called by what it says (the appendix on persisted documents of
/// [GraphQL over HTTP](https://graphql.github.io/graphql-over-http/draft/)).
const SHA256: &str = "sha256:";

/// Documents by their names.
#[derive(Default)]
pub struct Stored {
    texts: HashMap<String, Arc<str>>,
    /// Whether nothing else is run.
    only: bool,
}

impl Stored {
    /// What the settings name. Fails where a file is no manifest, or a document could never be run.
    pub fn read(settings: &Http) -> io::Result<Self> {
        let mut stored = Self { only: settings.only_stored_documents, ..Self::default() };
        for file in &settings.stored_documents {
            let wrong = |what| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", file.display()));
            stored.add(file).map_err(wrong)?;
        }
        Ok(stored)
    }

    /// A manifest as graphql-codegen (`persistedDocuments`) and relay-compiler (`persistConfig`) write it: an object of texts by names, which
    /// are digests of the texts by an algorithm of their choice.
    fn add(&mut self, file: &Path) -> Result<(), String> {
        let manifest = std::fs::read(file).map_err(|error| error.to_string())?;
        let manifest: HashMap<String, Arc<str>> = serde_json::from_slice(&manifest)
            .map_err(|error| format!("not an object of documents by name: {error}"))?;
        for (name, text) in manifest {
            guard::check_whole(&text).map_err(|refusal| format!("{name}: {}", refusal.message))?;
            let digest = digest(&text);
            if name.starts_with(SHA256) && name != digest {
                return Err(format!("{name} is not the document's digest, which is {digest}"));
            }
            self.name(digest, &text)?;
            self.name(name, &text)?;
        }
        Ok(())
    }

    fn name(&mut self, name: String, text: &Arc<str>) -> Result<(), String> {
        match self.texts.get(&name) {
            Some(other) if other != text => Err(format!("{name} is another document already")),
            _ => {
                self.texts.insert(name, text.clone());
                Ok(())
            }
        }
    }

    /// What the document says.
    pub fn text(&self, document: &Document) -> Result<Arc<str>, Refusal> {
        match document {
            Document::Stored(name) => self.texts.get(name).cloned().ok_or_else(|| {
                Refusal::new(Code::UnknownDocument, "no document of this documentId is stored here; send its text")
            }),
            Document::Text(_) if self.only => {
                Err(Refusal::new(Code::OnlyStoredDocuments, "only stored documents are run here: send a documentId"))
            }
            Document::Text(text) => Ok(text.clone()),
        }
    }
}

fn digest(text: &str) -> String {
    let mut name = SHA256.to_owned();
    for byte in Sha256::digest(text) {
        // Writing to a string does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}
