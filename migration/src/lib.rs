//! The database's history: one module a change, frozen once it has landed. It imports nothing of ours, so that a migration means
//! the same for ever.

mod m20261121_000001_directory;
mod m20261121_000002_access;

pub use sea_orm_migration::prelude::*;

/// Brings a database up to what this binary knows, or down again.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261121_000001_directory::Migration), Box::new(m20261121_000002_access::Migration)]
    }
}
