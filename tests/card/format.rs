//! The formats alone: awkward texts, and the same card in the same bytes.

use entity::values::{ContactPointKind, SeatRole, Term};
use proptest::prelude::*;
use samverkan::interchange::card::{Card, ContactPoint, Format, Group, Person, Post, Seat, Subject, all, one};
use uuid::Uuid;

use super::read::{Read, of_json, of_text};

fn of_person(given: &str, family: &str, post: &str, address: &str) -> Card {
    let point = |kind, value: &str, label: Option<&str>| ContactPoint {
        kind,
        value: value.to_owned(),
        label: label.map(str::to_owned),
    };
    Card {
        id: Uuid::from_u128(1),
        of: Subject::Person(Person {
            given_name: given.to_owned(),
            family_name: family.to_owned(),
            name: format!("{given} {family}"),
            posts: vec![Post { title: post.to_owned(), organisation: family.to_owned() }],
            seats: vec![Seat {
                role: SeatRole::ViceChair,
                group: post.to_owned(),
                organisation: Some(given.to_owned()),
            }],
        }),
        contact_points: vec![
            point(ContactPointKind::Phone, "112", None),
            point(ContactPointKind::Phone, "+4663146619", Some(post)),
            point(ContactPointKind::Address, address, None),
        ],
    }
}

/// Every line of the file as it is sent: at most 75 octets, whole characters, ended as the format wants.
fn assert_folded(text: &str) {
    assert!(text.ends_with("\r\n"));
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "{line:?}");
    }
}

fn reads(format: Format, card: &Card) -> Read {
    let text = one(card, format);
    if format == Format::JsContact {
        return of_json(&text).remove(0);
    }
    assert_folded(&text);
    of_text(&text).remove(0)
}

/// In lists the reader takes several blanks for one. They are there: the writer writes all texts alike.
fn blanks_once(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn assert_survives(given: &str, family: &str, post: &str, address: &str) {
    let card = of_person(given, family, post, address);
    for format in [Format::Vcard4, Format::Vcard3, Format::JsContact] {
        let read = reads(format, &card);
        assert_eq!(read.all("FN"), [format!("{given} {family}")], "{format:?}");
        assert_eq!(read.all("TITLE"), [post], "{format:?}");
        assert_eq!(read.all("ORG"), [family], "{format:?}");
        assert_eq!(
            read.all("CATEGORIES").into_iter().map(blanks_once).collect::<Vec<_>>(),
            [blanks_once(post)],
            "{format:?}"
        );
        assert_eq!(read.all("NOTE"), [format!("Vice ordförande i {post} för {given}")], "{format:?}");
        if format != Format::JsContact {
            assert_eq!(read.all("N"), [format!("{family}|{given}|||")], "{format:?}");
            assert_eq!(read.all("ADR"), [format!("||{address}||||")], "{format:?}");
        }
    }
    assert_eq!(reads(Format::Vcard4, &card).all("X-ABLABEL"), [post]);
}

#[test]
fn awkward_texts_survive() {
    let long = "Åäö".repeat(100);
    // A sign of four octets at each place where a line may end.
    let emoji: Vec<String> = (50..80).map(|length| format!("{}👩‍👧‍👦🎉slut", "x".repeat(length))).collect();
    let texts = [
        "a,b;c:d",
        "\\",
        "\\n\\,\\;",
        "a\\\nb",
        "rad ett\nrad två\n\nrad fyra",
        "\"citat\" ^n 'x'",
        "åäö ÅÄÖ é ñ ß",
        "=0A=",
        "日本語",
    ];
    for text in texts.into_iter().chain([long.as_str()]).chain(emoji.iter().map(String::as_str)) {
        assert_survives(text, "Alm", "Chef", "Storgatan 1");
        assert_survives("Anna", text, text, text);
    }
}

#[test]
fn ends_of_lines_are_one_and_other_control_characters_none() {
    let card = of_person("A\r\nB\rC", "D\u{0}\u{7}\u{7f}\u{85}E", "F", "G");
    for format in [Format::Vcard4, Format::Vcard3] {
        assert_eq!(reads(format, &card).all("N"), ["DE|A\nB\nC|||"]);
    }
}

proptest! {
    #[test]
    fn any_text_survives(texts in prop::array::uniform3("[^\\p{Cc}\\s]([^\\p{Cc}]|\n){0,150}[^\\p{Cc}\\s]")) {
        let [given, family, other] = &texts;
        assert_survives(given, family, other, other);
    }
}

#[test]
fn a_number_that_is_no_number_everywhere_is_no_uri() {
    let card = of_person("Anna", "Alm", "växel", "Storgatan 1");
    let newer = one(&card, Format::Vcard4);
    assert!(newer.contains("\r\nTEL;TYPE=WORK:112\r\n"), "{newer}");
    assert!(newer.contains("TEL;TYPE=WORK;VALUE=URI:tel:+4663146619\r\n"), "{newer}");
    let older = one(&card, Format::Vcard3);
    assert!(older.contains("\r\nTEL;TYPE=VOICE,WORK:+4663146619\r\n"), "{older}");
    assert!(!older.to_ascii_lowercase().contains("item"), "3.0 has no groups of lines: {older}");
}

#[test]
fn a_group_without_members_is_a_group() {
    let of = Group { name: "Rådet".to_owned(), short_name: None, members: Vec::new() };
    let cards = [Card { id: Uuid::from_u128(2), of: Subject::Group(of), contact_points: Vec::new() }];
    let json: serde_json::Value = serde_json::from_str(&all(&cards, Format::JsContact)).expect("JSON");
    assert_eq!(json[0]["kind"], "group");
    assert_eq!(json[0]["members"], serde_json::json!({}));
    assert_eq!(of_text(&all(&cards, Format::Vcard4))[0].all("KIND"), ["group"]);
    let older = of_text(&all(&cards, Format::Vcard3));
    assert_eq!(older[0].all("X-ADDRESSBOOKSERVER-KIND"), ["group"]);
    assert_eq!(older[0].all("N"), ["Rådet||||"], "which 3.0 wants of everybody");
}

/// The first words of each term's description in the schema.
#[test]
fn terms_are_said_in_swedish_as_the_schema_describes_them() {
    let schema = include_str!("../../schema.graphql");
    let (_, roles) = schema.split_once("enum SeatRole {").expect("the roles");
    for role in <SeatRole as sea_orm::Iterable>::iter() {
        let (before, _) = roles.split_once(&format!("\t{}\n", role.word())).expect("a role");
        let described = before.rsplit("\"\"\"").nth(1).expect("a description").trim();
        assert!(described.starts_with(&format!("{}: ", role.swedish())), "{described}");
    }
}
