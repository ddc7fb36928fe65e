//! What people read in an invitation by e-mail, beside what their calendar reads: in Swedish, and by Stockholm's clocks.

use std::fmt::Write as _;

use super::calendar::Event;

/// What is new to whoever gets the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// They are called.
    Invited,
    /// They are called, and knew that, but something is different.
    Changed,
    /// The meeting is not held.
    Cancelled,
    /// The meeting is held without them.
    Withdrawn,
}

impl News {
    fn headline(self) -> &'static str {
        match self {
            Self::Invited => "Kallelse",
            Self::Changed => "Ändrad kallelse",
            Self::Cancelled => "Inställt",
            Self::Withdrawn => "Återkallad kallelse",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Invited => "Du kallas till ett möte.",
            Self::Changed => "Ett möte som du är kallad till har ändrats. Så här är det nu.",
            Self::Cancelled => "Ett möte som du är kallad till är inställt.",
            Self::Withdrawn => "Du är inte längre kallad till ett möte. Mötet hålls ändå.",
        }
    }
}

/// The subject of a message.
pub fn subject(news: News, event: &Event) -> String {
    format!("{}: {}, {}", news.headline(), event.title, when(event))
}

/// The text of a message.
pub fn text(news: News, event: &Event) -> String {
    let mut text = format!("{}\n\n{}\nNär: {}\n", news.sentence(), event.title, when(event));
    let rest = [("Var: ", &event.place), ("", &event.description)];
    for (label, value) in rest.into_iter().filter_map(|(label, value)| Some((label, value.as_ref()?))) {
        // Writing to a string does not fail.
        _ = writeln!(text, "{label}{value}");
    }
    text.push_str("\nMeddelandet skickas av Samverkan när möten planeras, ändras och ställs in.\n");
    text
}

fn when(event: &Event) -> String {
    let (start, end) = (event.starts_at.local(), event.ends_at.local());
    let last = if event.whole_days { event.ends_at.day().pred_opt().unwrap_or_default() } else { event.ends_at.day() };
    let time = |format: &str| if event.whole_days { String::new() } else { end.format(format).to_string() };
    let begins = if event.whole_days { start.format("%Y-%m-%d") } else { start.format("%Y-%m-%d %H:%M") };
    match last == event.starts_at.day() {
        true => format!("{begins}{}", time("–%H:%M")),
        false => format!("{begins} – {last}{}", time(" %H:%M")),
    }
}
