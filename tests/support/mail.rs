//! A mail server on this machine, which keeps what it is handed and refuses what a test wants.

use std::sync::{Arc, Mutex};

use mail_parser::{MessageParser, MimeHeaders};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What was handed over.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    pub to: String,
    pub id: String,
    pub subject: String,
    /// What people read.
    pub text: String,
    /// What calendars read, its lines unfolded.
    pub calendar: String,
    /// What the part says of itself.
    pub method: String,
    pub raw: String,
}

impl Letter {
    fn parsed(raw: String) -> Self {
        let message = MessageParser::default().parse(raw.as_bytes()).expect("a message");
        let to = message.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap_or_default().to_owned();
        let part = message.parts.iter().find(|part| part.is_content_type("text", "calendar")).expect("a calendar");
        let method = part.content_type().and_then(|kind| kind.attribute("method")).unwrap_or_default().to_owned();
        Self {
            to,
            method,
            id: message.message_id().unwrap_or_default().to_owned(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
            calendar: part.text_contents().unwrap_or_default().replace("\r\n ", ""),
            raw,
        }
    }

    /// The value of a calendar's property.
    pub fn value(&self, name: &str) -> &str {
        let mut lines = self.calendar.lines();
        let line = lines.find(|line| line.split([':', ';']).next() == Some(name));
        line.and_then(|line| line.split_once(':')).map_or("", |(_, value)| value)
    }
}

/// A mail server. It ends with the test.
pub struct MailServer {
    /// Where it listens.
    pub url: String,
    kept: Arc<Mutex<Vec<Letter>>>,
    refusal: Arc<Mutex<Option<&'static str>>>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let (kept, refusal) = (Arc::<Mutex<Vec<Letter>>>::default(), Arc::<Mutex<Option<&'static str>>>::default());
        let server = Self { url, kept: kept.clone(), refusal: refusal.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, kept.clone(), refusal.clone()));
            }
        });
        server
    }

    /// From now on, what it says to every recipient: nothing to take all, and an empty text to hang up.
    pub fn refuse(&self, with: Option<&'static str>) {
        *self.refusal.lock().expect("the refusal") = with;
    }

    /// What was handed over since this was last asked, by recipient.
    pub fn letters(&self) -> Vec<Letter> {
        let mut letters = std::mem::take(&mut *self.kept.lock().expect("the letters"));
        letters.sort_by(|a, b| (&a.to, &a.calendar).cmp(&(&b.to, &b.calendar)));
        letters
    }
}

/// A conversation as RFC 5321 has it.
async fn talk(stream: TcpStream, kept: Arc<Mutex<Vec<Letter>>>, refusal: Arc<Mutex<Option<&'static str>>>) {
    let mut stream = BufReader::new(stream);
    let mut answer = "220 mail.example.org".to_owned();
    loop {
        if stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let refused = *refusal.lock().expect("the refusal");
        if refused == Some("") {
            return;
        }
        answer = match (line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str(), refused) {
            ("EHLO", _) => "250 mail.example.org".to_owned(),
            ("RCPT", Some(refused)) => refused.to_owned(),
            ("DATA", _) => {
                let _ = stream.write_all(b"354 go on\r\n").await;
                let letter = Letter::parsed(data(&mut stream).await);
                kept.lock().expect("the letters").push(letter);
                "250 taken".to_owned()
            }
            ("QUIT", _) => "221 goodbye".to_owned(),
            _ => "250 well".to_owned(),
        };
    }
}

async fn data(stream: &mut BufReader<TcpStream>) -> String {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 || line == ".\r\n" {
            return text;
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
