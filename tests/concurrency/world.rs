//! A group with an open seat and one for five, and enough people for both; served by two processes.

use samverkan::db::Sql;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::WRITERS;
use crate::support::server::{Asker, Server, token};
use crate::support::{Client, TestApp};

pub struct World {
    app: TestApp,
    administrator: Client,
    servers: Vec<Server>,
    pub askers: Vec<Asker>,
}

fn document() -> String {
    let people = (1..=WRITERS).map(|number| {
        format!("[[person]]\nkey = \"p{number}\"\ngivenName = \"Anna\"\nfamilyName = \"Exempel {number:02}\"\n")
    });
    people.collect::<String>()
        + r#"
[[group]]
key = "g"
name = "Grupp"
kind = "NETWORK"
[[group.seats]]
key = "open"
role = "MEMBER"
description = "open"
[[group.seats]]
key = "five"
role = "MEMBER"
description = "five"
capacity = 5
"#
}

impl World {
    pub async fn with_two_servers() -> Self {
        let app = TestApp::of(&document()).await;
        let administrator = app.administrator();
        let mut world = Self { app, administrator, servers: Vec::new(), askers: Vec::new() };
        world.restart().await;
        world
    }

    /// Two new processes instead of those that were there.
    pub async fn restart(&mut self) {
        self.servers.clear();
        let token = token(&self.app.url, &["--role", "administrator"]);
        self.servers = (0..2).map(|_| Server::start(&self.app.url)).collect();
        self.askers = self.servers.iter().map(|server| server.asker(&token)).collect();
    }

    pub fn kill(&mut self, server: usize) {
        self.servers[server].kill();
    }

    pub async fn people(&self) -> Vec<Value> {
        let answer = self.administrator.ask("{ people(first: 100) { nodes { id } } }").await;
        answer["people"]["nodes"].as_array().expect("people").iter().map(|person| person["id"].clone()).collect()
    }

    pub async fn group(&self) -> Value {
        self.administrator.ask(r#"{ group(by: {slug: "g"}) { id } }"#).await["group"]["id"].take()
    }

    pub async fn seat(&self, description: &str) -> Value {
        let answer =
            self.administrator.ask(r#"{ group(by: {slug: "g"}) { seats { nodes { id description } } } }"#).await;
        let seats = answer["group"]["seats"]["nodes"].as_array().expect("seats").clone();
        let found = seats.into_iter().find(|seat| seat["description"] == json!(description));
        found.expect("a seat")["id"].take()
    }

    pub async fn count(&self, table: &str) -> usize {
        let count = self.number(&format!("SELECT count(*) FROM {table}")).await;
        usize::try_from(count).expect("a count")
    }

    pub async fn execute(&self, sql: &str) {
        self.app.app.db.writer().execute_unprepared(sql).await.expect(sql);
    }

    /// How many memberships lack their entry in the trail, or entries after this one their membership; and how many follow one that does not
    /// end on the day on which they begin.
    pub async fn torn(&self, since: i64) -> i64 {
        let torn = format!(
            "SELECT (SELECT count(*) FROM membership m WHERE NOT EXISTS
                 (SELECT 1 FROM change_value v WHERE v.row_id = m.id AND v.row_table = 'membership' AND v.was IS NULL))
             + (SELECT count(*) FROM change_value v WHERE v.row_table = 'membership' AND v.was IS NULL AND v.seq > {since}
                 AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.id = v.row_id))
             + (SELECT count(*) FROM change c WHERE NOT EXISTS (SELECT 1 FROM change_value v WHERE v.seq = c.seq))
             + (SELECT count(*) FROM membership m JOIN membership b ON b.id = m.replaces_id WHERE b.valid_until <> m.valid_from)"
        );
        self.number(&torn).await
    }

    /// The last place in the trail.
    pub async fn last_change(&self) -> i64 {
        self.number("SELECT coalesce(max(seq), 0) FROM change").await
    }

    async fn number(&self, sql: &str) -> i64 {
        let rows = self.app.app.db.query(Sql::text(sql)).await.expect("a number");
        rows[0].try_get_by_index::<i64>(0).expect("a number")
    }

    pub fn administrator(&self) -> &Client {
        &self.administrator
    }
}
