//! Invitations by e-mail: what each address is to be told of a sitting and has been told, and how far the trail has been read for it.

use sea_orm_migration::prelude::*;

use crate::m20261121_000001_directory::typed;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261122_000007_invitations"
    }
}

const UP: &str = "CREATE TABLE trail_reader (
        name text NOT NULL PRIMARY KEY,
        seq $big NOT NULL
    )$strict;
    CREATE TABLE meeting_invitation (
        id $id NOT NULL PRIMARY KEY,
        meeting_id $id NOT NULL,
        sitting_id $id NOT NULL,
        person_id $id NOT NULL,
        group_id $id NOT NULL,
        address text NOT NULL,
        standing text NOT NULL,
        told text,
        told_at $big,
        event $json NOT NULL,
        ends_at $big NOT NULL,
        revision integer NOT NULL,
        due_at $big,
        attempts integer NOT NULL,
        failure text
    )$strict;
    CREATE INDEX meeting_invitation_meeting_id_idx ON meeting_invitation (meeting_id);
    CREATE INDEX meeting_invitation_due_at_idx ON meeting_invitation (due_at) WHERE due_at IS NOT NULL";

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
        let down = "DROP TABLE meeting_invitation; DROP TABLE trail_reader";
        manager.get_connection().execute_unprepared(down).await.map(|_| ())
    }
}
