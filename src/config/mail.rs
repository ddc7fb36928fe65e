//! How mail is sent.

use std::fmt;

use lettre::message::Mailbox;
use reqwest::Url;

use super::issuer::is_here;
use super::layers::{Merged, Setting, SettingsError};
use super::masked;

/// How invitations are sent.
#[derive(Clone)]
pub struct Mail {
    /// The mail server: `smtps://user:password@host`, or `smtp://…?tls=required` for STARTTLS.
    pub url: String,
    /// From whom they are, with an address at which somebody reads.
    pub from: Mailbox,
}

impl Mail {
    pub(super) fn read(merged: &Merged) -> Result<Option<Self>, SettingsError> {
        let (url, from) = (Setting::find(merged, "smtp_url")?, Setting::find(merged, "mail_from")?);
        match (url, from) {
            (None, None) => Ok(None),
            (Some(url), None) => Err(url.wrong("is set, and mail_from is not")),
            (None, Some(from)) => Err(from.wrong("is set, and smtp_url is not")),
            (Some(url), Some(from)) => {
                let url = url.check(
                    is_smtp_url,
                    "an smtps:// or smtp:// URL whose password, if it has one, is sent encrypted",
                )?;
                let parsed =
                    from.text.parse().map_err(|_| from.wrong("is not an e-mail address, nor NAME <ADDRESS>"))?;
                Ok(Some(Self { url: url.text, from: parsed }))
            }
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({} as {})", masked(&self.url), self.from)
    }
}

/// A password goes over no network in the clear.
fn is_smtp_url(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let host = url.host_str().unwrap_or_default();
    let encrypted = match url.scheme() {
        "smtps" => true,
        "smtp" => url.query() == Some("tls=required"),
        _ => return false,
    };
    let known = url.query().is_none_or(|query| ["tls=required", "tls=opportunistic"].contains(&query));
    known && !host.is_empty() && (encrypted || url.password().is_none() || is_here(host))
}
