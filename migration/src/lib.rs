//! The database's history: one module a change, frozen once it has landed. It imports nothing of ours, so that a migration means
//! the same for ever.

mod m20261121_000001_directory;
mod m20261121_000002_access;
mod m20261122_000003_search;
mod m20261122_000004_plans;
mod m20261122_000005_register;
mod m20261122_000006_meetings;
mod m20261122_000007_invitations;
mod m20261122_000008_record;
mod m20261122_000009_budget;
mod m20261123_000010_roles;

pub use sea_orm_migration::prelude::*;

/// A rule that the database holds by triggers.
pub struct Rule {
    /// What a violation is called.
    pub name: &'static str,
    /// The table whose rows may break it.
    pub table: &'static str,
    /// The condition that is true of a row, under the alias `NEW`, that does.
    pub violated: &'static str,
}

/// All rules that the database holds by triggers.
pub fn rules() -> impl Iterator<Item = Rule> {
    let all = m20261121_000001_directory::rules::RULES.iter().chain(&m20261121_000002_access::RULES);
    let all = all.chain(&m20261122_000008_record::RULES);
    all.map(|rule| Rule { name: rule.name, table: rule.table, violated: rule.violated })
}

/// Brings a database up to what this binary knows, or down again.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_directory::Migration),
            Box::new(m20261121_000002_access::Migration),
            Box::new(m20261122_000003_search::Migration),
            Box::new(m20261122_000004_plans::Migration),
            Box::new(m20261122_000005_register::Migration),
            Box::new(m20261122_000006_meetings::Migration),
            Box::new(m20261122_000007_invitations::Migration),
            Box::new(m20261122_000008_record::Migration),
            Box::new(m20261122_000009_budget::Migration),
            Box::new(m20261123_000010_roles::Migration),
        ]
    }
}
