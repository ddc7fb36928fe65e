//! Which fields are wanted of the rows that are looked for, so that no more is fetched.

use std::sync::Arc;

/// The fields that the asker selects of a row, and what of each; everything, unless it was said. Names are those of columns and of
/// rows' parts: `on_behalf_of`.
#[derive(Clone, Debug, Default)]
pub struct Selection(Option<Arc<[Field]>>);

/// A field, and what is selected of what it leads to.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What of it.
    pub of: Selection,
}

impl Selection {
    /// These fields and no others.
    pub fn of_fields(fields: Vec<Field>) -> Self {
        Self(Some(fields.into()))
    }

    /// Whether the field is wanted.
    pub fn wants(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|fields| fields.iter().any(|field| field.name == name))
    }

    /// What is wanted of what the field leads to.
    pub fn of(&self, name: &str) -> Self {
        let Some(fields) = &self.0 else { return Self::default() };
        let named = || fields.iter().filter(|field| field.name == name).map(|field| &field.of);
        // A field may be selected in several places.
        let all: Option<Vec<Field>> =
            named().map(|of| of.0.as_deref().map(<[Field]>::to_vec)).try_fold(Vec::new(), |mut all, of| {
                all.extend(of?);
                Some(all)
            });
        Self(all.map(Into::into))
    }

    /// Whether every field is among these: only then can anything be left out.
    pub fn is_among(&self, names: &[&[&str]]) -> bool {
        let known =
            |field: &Field| field.name == "__typename" || names.iter().any(|some| some.contains(&field.name.as_str()));
        self.0.as_ref().is_some_and(|fields| fields.iter().all(known))
    }
}
