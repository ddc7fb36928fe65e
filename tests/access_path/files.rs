//! Files: what is sent for one of each kind, of a large and of other rows.

use entity::values::{GlobalId, SubjectKind};
use samverkan::domain::card;
use serde_json::json;

use super::trial::Trial;
use super::world::Nation;

const EVER: &str = "filter: {states: [PAST, CURRENT, FUTURE]}";

/// Asks for them.
pub async fn ask(trial: &Trial) {
    let nation = &trial.nation;
    for row in &nation.rows[&SubjectKind::Person] {
        let id = GlobalId { kind: Some(SubjectKind::Person), id: *row, lens: None };
        let own = format!("{{ person(id: \"{id}\") {{ memberships {{ totalCount }} }} }}");
        trial.file(&card::path_of_person(id), &own).await;
    }
    for row in &nation.rows[&SubjectKind::Group] {
        let id = GlobalId { kind: Some(SubjectKind::Group), id: *row, lens: None };
        let theirs = "nodes { person { memberships { totalCount } } }";
        let own = format!(
            "{{ group(by: {{id: \"{id}\"}}) {{ members({EVER}) {{ totalCount }} sitting: members(first: 100) {{ {theirs} }} }} }}"
        );
        trial.file(&card::path_of_group(&id.to_string(), id), &own).await;
    }
    for (kind, noun) in [(SubjectKind::Group, "group"), (SubjectKind::Organisation, "organisation")] {
        for id in ids(nation, kind) {
            let slug = format!("{{ {noun}(by: {{id: \"{id}\"}}) {{ slug }} }}");
            let slug = nation.all.ask(&slug).await[noun]["slug"].take();
            let path = format!("/{noun}s/{}.ics", slug.as_str().expect("a slug"));
            trial.file(&path, &meetings(&format!("{noun}: \"{id}\""))).await;
        }
    }
}

/// Calendars of somebody who keeps one for each of several people.
pub async fn of_people(trial: &Trial) {
    let owner = trial.asker.app.signed_in("reader", Vec::new());
    for id in ids(&trial.nation, SubjectKind::Person) {
        let id = id.to_string();
        let input = json!({ "name": "Möten", "filter": { "person": id } });
        let made = owner.change("createCalendar", input, "calendar { url }").await;
        // Not everybody is seen by who has signed in alone.
        if let Some(url) = made["calendar"]["url"].as_str() {
            let path = url.split_once("/calendars/").expect("an address").1;
            let own = meetings(&format!("person: \"{id}\""));
            trial.file_of(&owner, &format!("/calendars/{path}"), &own).await;
        }
    }
}

fn ids(nation: &Nation, kind: SubjectKind) -> Vec<GlobalId> {
    nation.rows[&kind].iter().map(|id| GlobalId { kind: Some(kind), id: *id, lens: None }).collect()
}

/// How many meetings a calendar can show.
fn meetings(filter: &str) -> String {
    format!(
        "{{ meetings(between: {{from: \"2026-05-01\", until: \"2028-01-01\"}}, filter: {{{filter}}}) {{ totalCount }} }}"
    )
}
