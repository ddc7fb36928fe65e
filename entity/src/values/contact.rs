use std::fmt;
use std::str::FromStr;

use email_address::EmailAddress;
use phonenumber::Mode;
use phonenumber::country::Id;

use super::ContactPointKind;

/// A checked contact value: an e-mail address, a phone number in E.164, an address, or a web address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactValue {
    /// What it is.
    pub kind: ContactPointKind,
    /// The value in the form in which it is stored and dialled.
    pub value: String,
    /// What stood after a phone number: "vx" (switchboard), "ankn 12".
    pub note: Option<String>,
}

/// The text is not a contact value of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidContact {
    kind: ContactPointKind,
}

impl fmt::Display for InvalidContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            ContactPointKind::Email => "this is not an e-mail address",
            ContactPointKind::Phone => "this is not a phone number that can be dialled",
            ContactPointKind::Address => "an address has between 1 and 500 characters",
            ContactPointKind::Web => "a web address begins with https:// or http:// and names a host",
        })
    }
}

impl ContactValue {
    /// Checks the text and brings it into the stored form. Phone numbers without a country are Swedish.
    pub fn parse(kind: ContactPointKind, text: &str) -> Result<Self, InvalidContact> {
        let text = text.trim();
        let wrong = InvalidContact { kind };
        let plain = |value: String| Self { kind, value, note: None };
        match kind {
            ContactPointKind::Email => EmailAddress::from_str(text)
                .ok()
                .filter(|a| a.domain().contains('.'))
                .map(|a| plain(a.to_string()))
                .ok_or(wrong),
            ContactPointKind::Phone => phone(text).ok_or(wrong),
            ContactPointKind::Address => {
                (1..=500).contains(&text.chars().count()).then(|| plain(text.to_owned())).ok_or(wrong)
            }
            ContactPointKind::Web => url::Url::parse(text)
                .ok()
                .filter(|u| matches!(u.scheme(), "http" | "https") && u.host_str().is_some_and(|h| h.contains('.')))
                .map(|u| plain(u.to_string()))
                .ok_or(wrong),
        }
    }

    /// A stored phone number as it is printed in Sweden: `063-14 66 19`. Numbers of other countries in international form.
    pub fn printed_phone(stored: &str) -> String {
        let Ok(number) = phonenumber::parse(Some(Id::SE), stored) else { return stored.to_owned() };
        let mode = if number.country().id() == Some(Id::SE) { Mode::National } else { Mode::International };
        number.format().mode(mode).to_string()
    }
}

/// The crate reads "063-14 66 19 vx" as another, valid number, so letters are cut off first and kept as a note.
fn phone(text: &str) -> Option<ContactValue> {
    let cut = text.find(char::is_alphabetic).unwrap_or(text.len());
    let (digits, note) = text.split_at(cut);
    let note = Some(note.trim()).filter(|note| !note.is_empty()).map(str::to_owned);
    let short = digits.trim();
    let value = if matches!(short, "112" | "1177" | "11313" | "11414") {
        short.to_owned()
    } else {
        let number = phonenumber::parse(Some(Id::SE), digits).ok().filter(phonenumber::PhoneNumber::is_valid)?;
        number.format().mode(Mode::E164).to_string()
    };
    Some(ContactValue { kind: ContactPointKind::Phone, value, note })
}
