//! The mail server that messages are handed to.

use std::time::{Duration, UNIX_EPOCH};

use entity::values::Instant;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config;
use crate::error::Error;

/// How long the mail server may take for each answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A mail server, and in whose name it is handed messages.
#[derive(Clone)]
pub struct Mail {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// A message with a calendar entry in it (iMIP, RFC 6047).
#[derive(Clone, Debug)]
pub struct Letter {
    /// The same each time that this message is sent, so that one that comes twice is known.
    pub id: String,
    pub to: String,
    pub at: Instant,
    pub subject: String,
    /// What people read.
    pub text: String,
    /// The calendar's `METHOD`, which RFC 6047 wants to be said of the part, too.
    pub method: &'static str,
    /// What calendars read.
    pub calendar: String,
}

/// Why a message was not taken.
#[derive(Debug)]
pub struct Undelivered {
    /// It will not be taken another time either.
    pub for_good: bool,
    /// The mail server said so, rather than nothing.
    pub answered: bool,
    /// What it said. It may hold addresses, which no log is told.
    pub reason: String,
}

impl Mail {
    /// A mail server. It is not asked for anything until there is a message.
    pub fn new(settings: &config::Mail) -> Result<Self, Error> {
        // The library's error may repeat the URL, and with it the password.
        let wrong = |_| Error::Internal("smtp_url names no mail server".to_owned());
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.url).map_err(wrong)?;
        Ok(Self { server: server.timeout(Some(PATIENCE)).build(), from: settings.from.clone() })
    }

    /// Whose name stands on messages, if there is one.
    pub fn name(&self) -> Option<&str> {
        self.from.name.as_deref()
    }

    /// The address to which answers go.
    pub fn address(&self) -> &str {
        self.from.email.as_ref()
    }

    /// Hands a message over.
    pub async fn send(&self, letter: &Letter) -> Result<(), Undelivered> {
        let message = self.message(letter).map_err(|reason| Undelivered { for_good: true, answered: true, reason })?;
        match self.server.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => Err(Undelivered {
                for_good: error.is_permanent(),
                answered: error.is_permanent() || error.is_transient(),
                reason: error.to_string(),
            }),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, String> {
        let to: Mailbox = letter.to.parse().map_err(|_| "not an address that mail can be sent to".to_owned())?;
        let seconds = u64::try_from(letter.at.0 / 1_000_000).unwrap_or_default();
        let kind = format!("text/calendar; method={}; charset=UTF-8", letter.method);
        let kind = ContentType::parse(&kind).map_err(|error| error.to_string())?;
        let domain = self.from.email.domain();
        // RFC 3834: nobody answers "I am on leave" to a machine.
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            .subject(letter.subject.clone())
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .multipart(
                MultiPart::alternative()
                    .singlepart(SinglePart::plain(letter.text.clone()))
                    .singlepart(SinglePart::builder().header(kind).body(letter.calendar.clone())),
            )
            .map_err(|error| error.to_string())
    }
}
