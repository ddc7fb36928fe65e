//! Cards as a program of others reads them. Another one reads them by hand: `tests/tools/read_cards.py`.

use calcard::jscontact::JSContact;
use calcard::vcard::{VCard, VCardValue};
use calcard::{Entry, Parser};
use serde_json::Value;

/// A card: each line's group, name and values.
pub struct Read(Vec<(String, String, String)>);

impl Read {
    fn of(card: VCard) -> Self {
        let lines = card.entries.into_iter().map(|entry| {
            let values: Vec<String> = entry.values.into_iter().map(text).collect();
            (entry.group.unwrap_or_default(), entry.name.as_str().to_ascii_uppercase(), values.join("|"))
        });
        Self(lines.collect())
    }

    /// The lines of a name, the parts of each between bars.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(_, own, _)| own == name).map(|(.., value)| value.as_str()).collect()
    }

    /// The same with the group that each is of.
    pub fn grouped(&self, name: &str) -> Vec<(String, String)> {
        let named = self.0.iter().filter(|(_, own, _)| own == name);
        named.map(|(group, _, value)| (group.clone(), value.clone())).collect()
    }
}

fn text(value: VCardValue) -> String {
    match value {
        VCardValue::Text(text) => text,
        VCardValue::Component(parts) => parts.join("|"),
        VCardValue::Kind(kind) => format!("{kind:?}").to_lowercase(),
        other => panic!("no card of ours has this: {other:?}"),
    }
}

/// The vCards of a text in which nothing else is.
pub fn of_text(text: &str) -> Vec<Read> {
    let mut parser = Parser::new(text).strict();
    let mut cards = Vec::new();
    loop {
        match parser.entry() {
            Entry::VCard(card) => cards.push(Read::of(card)),
            Entry::Eof => return cards,
            other => panic!("{other:?} in\n{text}"),
        }
    }
}

/// The cards of a text in JSContact, as vCards.
pub fn of_json(text: &str) -> Vec<Read> {
    let cards = match serde_json::from_str(text).expect("JSON") {
        Value::Array(cards) => cards,
        card => vec![card],
    };
    let read = |card: Value| {
        let text = card.to_string();
        let card: JSContact<'_, String, String> = JSContact::parse(&text).expect("JSContact");
        Read::of(card.into_vcard().expect("a card"))
    };
    cards.into_iter().map(read).collect()
}

pub fn sorted(values: &[&str]) -> Vec<String> {
    let mut values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    values.sort();
    values
}
