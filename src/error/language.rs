/// The languages in which failures are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Svenska.
    Swedish,
    /// English, unless the client prefers Swedish.
    #[default]
    English,
}
