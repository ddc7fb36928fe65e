//! What people write freely, looked at before it is written.

use entity::values::holds_personal_number;

use crate::error::{Code, Error, Said};

/// There are no personal identity numbers in the directory. What is said of one does not repeat it.
pub fn without_personal_numbers<'a>(texts: impl IntoIterator<Item = (&'static str, &'a str)>) -> Result<(), Error> {
    let Some((field, _)) = texts.into_iter().find(|(_, text)| holds_personal_number(text)) else { return Ok(()) };
    let said = Said::both(
        format!(
            "{field} holds what reads as a personal identity number; the directory has none. Write a phone number as 070-123 45 67"
        ),
        format!(
            "{field} innehåller vad som läses som ett personnummer; sådana finns inte i katalogen. Skriv ett telefonnummer som 070-123 45 67"
        ),
    );
    Err(field.rsplit('.').fold(Error::invalid(Code::PersonalNumber, said), Error::at))
}
