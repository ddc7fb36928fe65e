//! Search knows what is changed from the moment on in which it is.

use serde_json::{Value, json};

use super::{index, names};
use crate::support::{Client, TestApp};

const WORLD: &str = r#"
[[organisation]]
key = "verket"
kind = "OTHER"
name = "Fyrverket"
shortName = "FYV"
[[group]]
key = "kretsen"
name = "Fyrkretsen"
shortName = "FYK"
kind = "NETWORK"
[[position]]
title = "Fyrmästare"
organisation = "verket"
[[person]]
key = "bo"
givenName = "Bo"
familyName = "Fyrberg"
"#;

/// A kind of thing that a search finds.
pub struct Kind {
    /// What search calls it.
    pub name: &'static str,
    /// The mutation that renames one.
    pub rename: &'static str,
    /// Which one, in the mutation's input.
    pub which: &'static str,
    /// Its name, in the mutation's input.
    pub field: &'static str,
    /// Whether it can have a short name.
    pub short: bool,
    /// The list that a text filters, and what its filter is called.
    pub list: Option<(&'static str, &'static str)>,
}

pub const KINDS: [Kind; 4] = [
    Kind {
        name: "ORGANISATION",
        rename: "renameOrganisation",
        which: "organisation",
        field: "name",
        short: true,
        list: Some(("organisations", "OrganisationFilter")),
    },
    Kind {
        name: "GROUP",
        rename: "updateGroup",
        which: "group",
        field: "name",
        short: true,
        list: Some(("groups", "GroupFilter")),
    },
    Kind { name: "POSITION", rename: "updatePosition", which: "position", field: "title", short: false, list: None },
    Kind {
        name: "PERSON",
        rename: "updatePerson",
        which: "person",
        field: "familyName",
        short: false,
        list: Some(("people", "PersonFilter")),
    },
];

impl Kind {
    /// Gives the thing another name. One that can have a short name gets this one or none.
    pub async fn rename(&self, client: &Client, which: Value, name: &str, short: Option<&str>) {
        let input = with(which, json!({ self.field: name }));
        let input = if self.short { with(input, json!({ "shortName": short })) } else { input };
        client.done(self.rename, input, "errors { __typename }").await;
    }
}

/// The first of the kind that the text finds, as a mutation takes it.
async fn found(client: &Client, kind: &str, which: &str, text: &str) -> Value {
    let fields = ["Organisation", "Group", "Position", "Person"].map(|name| format!("... on {name} {{ id version }}"));
    let query = format!("{{ search(text: \"{text}\", types: [{kind}]) {{ nodes {{ {} }} }} }}", fields.join(" "));
    let node = client.ask(&query).await["search"]["nodes"][0].take();
    json!({ which: node["id"], "expectedVersion": node["version"] })
}

/// The input with more in it.
fn with(mut input: Value, more: Value) -> Value {
    let more = more.as_object().cloned().unwrap_or_default();
    input.as_object_mut().expect("an input").extend(more);
    input
}

#[tokio::test]
async fn what_is_renamed_is_found_by_its_new_name_and_no_longer_by_its_old() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    assert_eq!(names(&client, "fyr").await, ["Fyrkretsen", "Fyrmästare", "Fyrverket", "Bo Fyrberg"]);
    for kind in &KINDS {
        let which = found(&client, kind.name, kind.which, "fyr").await;
        kind.rename(&client, which, "Stormvakt", Some("Vinden")).await;
    }
    for gone in ["fyr", "fyrv", "fyv", "fyk"] {
        assert_eq!(names(&client, gone).await, [""; 0], "{gone}");
    }
    let new = ["Stormvakt", "Stormvakt", "Stormvakt", "Bo Stormvakt"];
    for text in ["stormvakt", "storm", "mvak"] {
        assert_eq!(names(&client, text).await, new, "{text}");
    }
    assert_eq!(names(&client, "vinden").await, ["Stormvakt", "Stormvakt"], "by the short name");
    let query = r#"{ search(text: "fyrverket", asOf: "2026-11-20") { totalCount } }"#;
    assert_eq!(client.ask(query).await["search"]["totalCount"], 1, "by the name that it had yesterday");
}

#[tokio::test]
async fn what_changes_elsewhere_is_found_as_before() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let group = found(&client, "GROUP", "group", "fyrk").await;
    client.done("updateGroup", with(group, json!({ "purpose": "Ljus" })), "change { id }").await;
    let person = found(&client, "PERSON", "person", "fyrb").await;
    client.done("updatePerson", with(person, json!({ "audience": "SIGNED_IN" })), "change { id }").await;
    assert_eq!(names(&client, "yrk").await, ["Fyrkretsen"]);
    assert_eq!(names(&client, "yrb").await, ["Bo Fyrberg"]);
}

#[tokio::test]
async fn who_is_merged_into_another_is_found_no_longer() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let input = json!({ "givenName": "Bosse", "familyName": "Fyrbergh" });
    client.done("createPerson", input, "person { id }").await;
    assert_eq!(names(&client, "fyrberg").await, ["Bo Fyrberg", "Bosse Fyrbergh"]);
    let keep = found(&client, "PERSON", "keep", "bo fyrberg").await;
    let duplicate = found(&client, "PERSON", "duplicate", "bosse").await;
    let duplicate = json!({ "duplicate": duplicate["duplicate"], "duplicateExpectedVersion": 1 });
    let merge = with(keep, duplicate);
    client.done("mergePeople", with(merge.clone(), json!({ "dryRun": true })), "plan { __typename }").await;
    assert_eq!(names(&client, "fyrbergh").await, ["Bosse Fyrbergh"], "nothing is done yet");
    client.done("mergePeople", merge, "change { id }").await;
    assert_eq!(names(&client, "fyrbergh").await, [""; 0]);
    assert_eq!(names(&client, "fyrberg").await, ["Bo Fyrberg"]);
    index::in_step(&app).await;
}

#[tokio::test]
async fn what_is_refused_is_not_found() {
    let app = TestApp::of(WORLD).await;
    let client = app.administrator();
    let other = json!({ "slug": "annan", "name": "Annan", "kind": "NETWORK" });
    client.done("createGroup", other, "group { id }").await;
    let group = found(&client, "GROUP", "group", "annan").await;
    let error = client.refused("updateGroup", with(group, json!({ "name": "Stormvakt", "slug": "kretsen" }))).await;
    assert_eq!(error["__typename"], "RuleBroken");
    assert_eq!(names(&client, "stormvakt").await, [""; 0]);
    assert_eq!(names(&client, "annan").await, ["Annan"]);
    index::in_step(&app).await;
}
