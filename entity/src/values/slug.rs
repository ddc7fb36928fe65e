use std::fmt;

/// A name for addresses: lower-case letters a–z, digits and single hyphens, at most 80 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// The text is not a slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSlug;

impl fmt::Display for InvalidSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a slug has lower-case letters a–z, digits and single hyphens, at most 80 characters")
    }
}

impl Slug {
    /// Checks that the text is a slug.
    pub fn parse(text: &str) -> Result<Self, InvalidSlug> {
        let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        match text.len() <= 80 && text.split('-').all(part) {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidSlug),
        }
    }

    /// A slug made from a name, folded as search does: "FoU-rådet" becomes `fou-radet`.
    pub fn from_name(name: &str) -> Result<Self, InvalidSlug> {
        Self::parse(&super::search_key(name).replace(' ', "-"))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}
