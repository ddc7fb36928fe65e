//! That what was generated holds together: every rule that triggers keep, asked of all rows, and what verbs see to beside them.

use super::Size;
use crate::app;
use crate::db::bulk::Bulk;
use crate::error::Error;

/// What must be true of no row, in words and as a count of those of which it is.
const VERBS: [(&str, &str); 6] = [
    (
        "an organisation without exactly one name today",
        "SELECT count(*) FROM organisation o WHERE (SELECT count(*) FROM organisation_name n WHERE n.organisation_id = o.id
         AND n.valid_from <= CURRENT_DATE AND n.valid_until > CURRENT_DATE) <> 1",
    ),
    (
        "a meeting whose bounds are not those of its sittings",
        "SELECT count(*) FROM meeting m WHERE m.starts_at <> (SELECT min(s.starts_at) FROM sitting s WHERE s.meeting_id = m.id)
         OR m.ends_at <> (SELECT max(s.ends_at) FROM sitting s WHERE s.meeting_id = m.id)",
    ),
    ("a sitting without a group", "SELECT count(*) FROM sitting s WHERE NOT EXISTS (SELECT 1 FROM sitting_group l WHERE l.sitting_id = s.id)"),
    (
        "a membership that goes with a position and not with its tenure",
        "SELECT count(*) FROM membership m JOIN seat s ON s.id = m.seat_id LEFT JOIN tenure t ON t.id = m.tenure_id
         WHERE (s.position_id IS NOT NULL OR m.tenure_id IS NOT NULL)
         AND (t.position_id IS DISTINCT FROM s.position_id OR t.person_id <> m.person_id)",
    ),
    (
        "a membership that takes over before the other ended",
        "SELECT count(*) FROM membership m JOIN membership b ON b.id = m.replaces_id
         WHERE b.seat_id <> m.seat_id OR b.valid_until > m.valid_from",
    ),
    (
        "a project that is run in what is no municipality",
        "SELECT count(*) FROM project_municipality p JOIN organisation o ON o.id = p.organisation_id WHERE o.kind <> 'MUNICIPALITY'",
    ),
];

/// Fails with the first thing that is wrong.
pub async fn holds(bulk: &mut Bulk, size: Size) -> Result<(), Error> {
    let counts = [
        ("organisation", size.organisations),
        ("person", size.people),
        ("\"group\"", size.groups),
        ("membership", size.memberships),
        ("meeting", size.meetings),
    ];
    for (table, wanted) in counts {
        let found = bulk.number(&format!("SELECT count(*) FROM {table}")).await?;
        if usize::try_from(found) != Ok(wanted) {
            return Err(Error::Internal(format!("{table} has {found} rows, not {wanted}")));
        }
    }
    for rule in app::rules() {
        let broken = format!("SELECT count(*) FROM \"{}\" NEW WHERE {}", rule.table, rule.violated);
        none(bulk, &format!("a {} that breaks {}", rule.table, rule.name), &broken).await?;
    }
    for (what, count) in VERBS {
        none(bulk, what, count).await?;
    }
    Ok(())
}

async fn none(bulk: &mut Bulk, what: &str, count: &str) -> Result<(), Error> {
    match bulk.number(count).await? {
        0 => Ok(()),
        found => Err(Error::Internal(format!("what was generated is wrong: {what}: {found}"))),
    }
}
