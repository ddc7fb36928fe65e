use std::borrow::Cow;

use super::Language;

/// A message in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    english: Cow<'static, str>,
    swedish: Cow<'static, str>,
}

impl Said {
    /// The same in English and in Swedish.
    pub fn both(english: impl Into<Cow<'static, str>>, swedish: impl Into<Cow<'static, str>>) -> Self {
        Self { english: english.into(), swedish: swedish.into() }
    }

    /// The message in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Swedish => &self.swedish,
        }
    }
}

/// What is said in English alone.
impl From<&'static str> for Said {
    fn from(english: &'static str) -> Self {
        Self::both(english, english)
    }
}

impl From<String> for Said {
    fn from(english: String) -> Self {
        Self::both(english.clone(), english)
    }
}
