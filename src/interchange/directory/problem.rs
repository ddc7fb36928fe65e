use std::fmt;
use std::sync::Arc;

/// Where something stands in the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file's name, as it was given to [`super::read`].
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: u32,
}

impl Place {
    /// Something that is wrong here.
    pub fn problem(&self, field: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { file: self.file.clone(), line: self.line, field: field.into(), message: message.into() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One thing that is wrong in a document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: Arc<str>,
    pub line: u32,
    /// The field by its path, `group.seats.role`; empty where the text is not TOML.
    pub field: String,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        match self.field.as_str() {
            "" => f.write_str(&self.message),
            field => write!(f, "{field}: {}", self.message),
        }
    }
}

/// The key of another record, and where it is named, so that an unknown one can be pointed out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    pub key: String,
    pub place: Place,
    /// The field that names it, by its path: `group.seats.organisation`.
    pub field: String,
}

impl Reference {
    /// Something that is wrong with what is named here.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        self.place.problem(self.field.clone(), message)
    }
}
