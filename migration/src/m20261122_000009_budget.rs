//! Budgets: from when on each asker may ask for as much as ever again.

use sea_orm_migration::prelude::*;

use crate::m20261121_000001_directory::typed;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261122_000009_budget"
    }
}

const UP: &str = "CREATE TABLE budget (
        holder $id NOT NULL PRIMARY KEY,
        full_at $big NOT NULL
    )$strict";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let up = typed(UP, manager.get_database_backend());
        manager.get_connection().execute_unprepared(&up).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP TABLE budget").await.map(|_| ())
    }
}
