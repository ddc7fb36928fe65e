//! Roles: an index of the roles of seats, so that those of a role that few have are found without a look at all the others.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000010_roles"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let up = "CREATE INDEX seat_role_idx ON seat (role)";
        manager.get_connection().execute_unprepared(up).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP INDEX seat_role_idx").await.map(|_| ())
    }
}
