use std::fmt;

/// Under what something is kept: the number in a series, such as `659/2016` in the diary `RUN`, or a number that stands alone, such as
/// the Swedish ESF council's `23-032-S03`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceNumber {
    /// The series; empty where the number stands alone.
    pub series: String,
    /// The number in it.
    pub number: String,
}

/// A text that names nothing in a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoReference;

impl fmt::Display for NoReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a reference is a number with digits, after a series such as RUN/ if it has one, of 60 characters at most",
        )
    }
}

const LONGEST: usize = 60;

impl ReferenceNumber {
    /// Parses `RUN/659/2016` or `23-032-S03`. Spaces around it, and the case of the letters, make no difference.
    pub fn parse(text: &str) -> Result<Self, NoReference> {
        let text = text.trim().to_uppercase();
        let fits = |sign: char| sign.is_alphanumeric() || "-/. :".contains(sign);
        if text.chars().count() > LONGEST || !text.chars().all(fits) || !text.chars().any(|sign| sign.is_ascii_digit())
        {
            return Err(NoReference);
        }
        let series =
            text.split_once('/').filter(|(series, _)| !series.is_empty() && series.chars().all(char::is_alphabetic));
        let (series, number) = series.unwrap_or(("", &text));
        if number.is_empty() {
            return Err(NoReference);
        }
        Ok(Self { series: series.to_owned(), number: number.to_owned() })
    }
}

impl fmt::Display for ReferenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slash = if self.series.is_empty() { "" } else { "/" };
        write!(f, "{}{slash}{}", self.series, self.number)
    }
}
