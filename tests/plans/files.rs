//! Files: what is sent for one of each kind, of a large and of other rows.

use entity::values::{GlobalId, SubjectKind};
use samverkan::domain::card;

use super::trial::Trial;
use super::world::Nation;
use crate::support::Client;

const EVER: &str = "filter: {states: [PAST, CURRENT, FUTURE]}";

/// Asks for them.
pub async fn ask(trial: &mut Trial<'_>, nation: &Nation, askers: &[(&str, Client)]) {
    for (who, client) in askers {
        for row in &nation.rows[&SubjectKind::Person] {
            let id = GlobalId { kind: Some(SubjectKind::Person), id: *row, lens: None };
            let own = format!("{{ person(id: \"{id}\") {{ memberships {{ totalCount }} }} }}");
            trial.file(who, client, &card::path_of_person(id), &own).await;
        }
        for row in &nation.rows[&SubjectKind::Group] {
            let id = GlobalId { kind: Some(SubjectKind::Group), id: *row, lens: None };
            let theirs = "nodes { person { memberships { totalCount } } }";
            let own = format!(
                "{{ group(by: {{id: \"{id}\"}}) {{ members({EVER}) {{ totalCount }} sitting: members(first: 100) {{ {theirs} }} }} }}"
            );
            trial.file(who, client, &card::path_of_group(&id.to_string(), id), &own).await;
        }
    }
}
