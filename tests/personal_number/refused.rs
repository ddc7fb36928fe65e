//! Where a personal identity number is refused, and where it is not.

use std::path::Path;

use entity::values::{Audience, ContactPointKind, Period, SubjectKind};
use entity::{Record, contact_point};
use samverkan::domain::person::{self, PersonInput};
use samverkan::domain::write::Writer;
use samverkan::error::{Code, Error};
use samverkan::policy::{Actor, Permit};
use samverkan::{demo, domain};
use serde_json::json;
use uuid::Uuid;

use crate::support::{TestApp, all};

/// A directory in which every free text is a word in angle brackets.
const BASE: &str = r#"
[[document]]
key = "d"
title = "<title>"
publisher = "<publisher>"
note = "<document note>"
[[organisation]]
key = "o"
kind = "MUNICIPALITY"
name = "<name>"
shortName = "<short name>"
organisationNumber = "212000-2460"
figures = [{ measure = "MEMBERS", value = 5, unit = "<unit>", note = "<figure note>", from = "2020" }]
sources = [{ document = "d", quote = "<quote>", note = "<source note>" }]
[[person]]
key = "ann"
givenName = "<given name>"
familyName = "<family name>"
[[person.contactPoints]]
kind = "EMAIL"
value = "ann@example.org"
label = "<label>"
[[person.contactPoints]]
kind = "ADDRESS"
value = "<address>"
[[person.contactPoints]]
kind = "PHONE"
value = "0701234569 <phone note>"
[[position]]
key = "o/chef"
title = "<position>"
organisation = "o"
[[tenure]]
position = "o/chef"
person = "ann"
endReason = "<end of tenure>"
[[group]]
key = "g"
name = "<group>"
shortName = "<short group>"
purpose = "<purpose>"
kind = "NETWORK"
[[group.seats]]
key = "vald"
role = "CHAIR"
description = "<seat>"
[[membership]]
seat = "g/vald"
person = "ann"
decision = { body = "<body>", reference = "RUN/659/2016" }
endReason = "<end of membership>"
sources = [{ document = "d", quote = "<quoted of a membership>" }]
[[schedule]]
key = "s"
groups = ["g"]
place = "<place of a schedule>"
description = "<description>"
[[meeting]]
key = "m"
title = "<meeting>"
sittings = [{ starts = "2020-03-02T09:00", ends = "2020-03-02T10:00", groups = ["g"], place = "<place>" }]
"#;

/// Each text, and the noun and the field that a refusal names.
const TEXTS: &[(&str, &str)] = &[
    ("<title>", "document: title"),
    ("<publisher>", "document: publisher"),
    ("<document note>", "document: note"),
    ("<name>", "organisation: name"),
    ("<short name>", "organisation: shortName"),
    ("<unit>", "organisation: unit"),
    ("<figure note>", "organisation: note"),
    ("<quote>", "organisation: quote"),
    ("<source note>", "organisation: note"),
    ("<given name>", "person: givenName"),
    ("<family name>", "person: familyName"),
    ("ann@", "person: value"),
    ("<label>", "person: label"),
    ("<address>", "person: value"),
    ("<phone note>", "person: note"),
    ("<position>", "position: title"),
    ("<end of tenure>", "tenure: endReason"),
    ("<group>", "group: name"),
    ("<short group>", "group: shortName"),
    ("<purpose>", "group: purpose"),
    ("<seat>", "seat: description"),
    ("<body>", "membership: decision.body"),
    ("<end of membership>", "membership: endReason"),
    ("<quoted of a membership>", "membership: quote"),
    ("<place of a schedule>", "schedule: place"),
    ("<description>", "schedule: description"),
    ("<meeting>", "meeting: title"),
    ("<place>", "meeting: place"),
];

/// The line of the record, or the part of a group, in which something stands.
fn line_of(text: &str) -> usize {
    let at = BASE.find(text).expect(text);
    let headers =
        BASE[..at].match_indices("\n[[").filter(|(at, _)| !BASE[*at..].starts_with("\n[[person.contactPoints"));
    let header = headers.map(|(at, _)| at).last().expect(text);
    BASE[..=header].lines().count() + 1
}

#[tokio::test]
async fn a_document_with_one_in_any_text_is_refused_with_its_line() {
    let marked = BASE.matches('<').count();
    assert_eq!(TEXTS.len(), marked + 1, "each text, and the e-mail address");
    for (text, field) in TEXTS {
        let app = TestApp::empty().await;
        let ending = if text.ends_with('@') { "900101-0017@" } else { "Anna (900101-0017) Ek" };
        let problems = app.load(&BASE.replace(text, ending)).await.expect_err(text);
        let reason = "holds what reads as a personal identity number; the directory has none. Write a phone number as 070-123 45 67";
        assert_eq!(problems, [format!("test.toml:{}: {field} {reason}", line_of(text))], "{text}");
        let answer = app.administrator().ask("{ organisations { totalCount } people { totalCount } }").await;
        assert_eq!(answer.to_string(), r#"{"organisations":{"totalCount":0},"people":{"totalCount":0}}"#, "{text}");
    }
}

#[tokio::test]
async fn one_that_comes_later_is_refused_too_and_nothing_changes() {
    let app = TestApp::of(BASE).await;
    let problems = app.load(&BASE.replace("<purpose>", "701063 2391")).await.expect_err("a purpose");
    assert_eq!(problems.len(), 1, "{problems:?}");
    let answer = app.public().ask("{ groups { nodes { purpose version } } }").await;
    assert_eq!(all(&answer, "groups.nodes.*.purpose"), ["<purpose>"]);
    assert_eq!(all(&answer, "groups.nodes.*.version"), ["1"]);
}

#[tokio::test]
async fn phone_fields_are_exempt() {
    assert!(entity::values::holds_personal_number("0701234569"));
    let app = TestApp::of(&BASE.replace(" <phone note>", "")).await;
    let answer = app.public().ask("{ groups { nodes { members { nodes { contactPoints { value } } } } } }").await;
    let values = all(&answer, "groups.nodes.*.members.nodes.*.contactPoints.*.value");
    assert!(values.contains(&"+46701234569".to_owned()), "{values:?}");
}

/// Whatever form phones are stored in.
#[test]
fn a_phone_number_is_no_free_text() {
    let (valid_from, valid_until, valid_precision) = Period::ALWAYS.columns();
    let point = |kind| contact_point::Model {
        id: Uuid::nil(),
        subject_kind: SubjectKind::Person,
        subject_id: Uuid::nil(),
        kind,
        value: "0701234569".to_owned(),
        note: Some("vx".to_owned()),
        label: None,
        audience: Audience::Public,
        ordinal: 1,
        valid_from,
        valid_until,
        valid_precision,
        version: 1,
    };
    assert_eq!(point(ContactPointKind::Phone).texts(), [("note", "vx")]);
    for kind in [ContactPointKind::Email, ContactPointKind::Address] {
        assert_eq!(point(kind).texts(), [("value", "0701234569"), ("note", "vx")]);
    }
}

#[tokio::test]
async fn a_verb_refuses_with_the_code_and_does_not_repeat_the_number() {
    let app = TestApp::empty().await;
    let permit = Permit::everything(&Actor::operator("test")).expect("a permit");
    let mut writer = Writer::begin(&app.app, permit).await.expect("a transaction");
    let input = PersonInput {
        given_name: "Anna".to_owned(),
        family_name: "Ek 19900101-0017".to_owned(),
        audience: Audience::Public,
        sources: Vec::new(),
    };
    let refusal = person::put(&mut writer, Uuid::nil(), input).await.expect_err("a refusal");
    assert!(matches!(&refusal, Error::At { field: "familyName", .. }), "{refusal:?}");
    assert_eq!((refusal.code(), refusal.code().as_str()), (Code::PersonalNumber, "PERSONAL_NUMBER"));
    assert!(refusal.to_string().starts_with("familyName ") && !refusal.to_string().contains("0017"), "{refusal}");
    assert_eq!(writer.find::<entity::person::Model>(Uuid::nil()).await.expect("a look-up"), None);
    writer.rollback().await.expect("the end");
}

#[tokio::test]
async fn a_mutation_names_the_part_of_the_input() {
    let app = TestApp::of(BASE).await;
    let client = app.administrator();
    let answer = client.ask("{ groups { nodes { seats { nodes { id } } } } people { nodes { id } } }").await;
    let seat = &all(&answer, "groups.nodes.*.seats.nodes.*.id")[0];
    let person = &all(&answer, "people.nodes.*.id")[0];
    for (path, part) in [
        (json!(["input", "decision", "body"]), json!({ "decision": { "body": "Ek, 900101-0017" } })),
        (json!(["input", "reason"]), json!({ "reason": "900101-0017 har flyttat" })),
    ] {
        let mut input = json!({ "seat": { "id": seat }, "person": person, "from": "2030-01-01" });
        input.as_object_mut().expect("an object").extend(part.as_object().expect("a part").clone());
        let error = client.refused("addMember", input).await;
        assert_eq!(
            (&error["__typename"], &error["code"]),
            (&json!("InvalidInput"), &json!("PERSONAL_NUMBER")),
            "{error:#}"
        );
        assert_eq!(error["path"], path);
    }
}

#[tokio::test]
async fn the_real_data_and_the_demonstration_load() {
    let app = TestApp::empty().await;
    for files in [&demo::DIRECTORY[..], demo::FILES] {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(domain::load::files(&app.app, files).await.err(), None);
    }
}

/// Columns of text that nobody writes freely: they have a form of their own, or are derived.
const NOT_FREE: &[&str] = &[
    "agreement.search_key",
    "document.slug",
    "document.url",
    "event.search_key",
    "event.subject_area_key",
    "group.search_key",
    "group.slug",
    "identity.issuer",
    "identity.subject",
    "membership.decision_reference",
    "organisation.municipality_code",
    "organisation.organisation_number",
    "organisation.slug",
    "organisation_name.search_key",
    "person.search_key",
    "position.search_key",
    "project.nuts",
    "project.programme",
    "project.search_key",
    "project.subject_area_key",
    "reference.series",
    "schedule.digital_url",
    "schedule.recurrence",
    "schedule.start_time",
    "sitting.digital_url",
];

/// The columns of text of a table that its `record!` does not name.
fn unnamed(table: &str, source: &str) -> Vec<String> {
    let Some((_, record)) = source.split_once("\ncrate::record!(") else { return Vec::new() };
    let names: Vec<&str> = record.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let column = |line: &str| {
        let (name, kind) = line.trim().strip_prefix("pub ")?.split_once(": ")?;
        (["String,", "Option<String>,"].contains(&kind) && !names.contains(&name)).then(|| format!("{table}.{name}"))
    };
    source.lines().filter_map(column).collect()
}

#[test]
fn every_other_text_of_a_record_is_known_to_be_no_free_text() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("entity/src");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("entities") {
        let path = entry.expect("an entity").path();
        if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("lib.rs") {
            let table = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
            found.extend(unnamed(&table, &std::fs::read_to_string(&path).expect("a source")));
        }
    }
    found.sort();
    assert_eq!(found, NOT_FREE, "name it in record! as a text, or here as none");
}
