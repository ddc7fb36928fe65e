//! The floor: what the database can do behind the same HTTP server, driver and pool when each answer is one statement that builds the
//! whole JSON. It knows neither who asks nor what else could be asked.

use std::sync::Arc;

use clap::ValueEnum;
use poem::http::{StatusCode, header};
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Endpoint, Request, Response, Route, Server, post};
use samverkan::db::Db;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value};

use crate::Outcome;
use crate::ask::Argument;
use crate::member;
use crate::workload::Workload;

/// Serves until it is killed.
pub fn main(database_url: &str) -> Outcome<()> {
    tokio::runtime::Runtime::new()?.block_on(serve(database_url))
}

async fn serve(database_url: &str) -> Outcome<()> {
    let db = Db::connect(database_url).await?;
    clocks_of_stockholm(&db).await?;
    let db = Arc::new(db);
    let mut routes = Route::new();
    for workload in Workload::value_variants() {
        let floor = Floor { db: db.clone(), workload: *workload, sql: workload.sql(db.backend()) };
        routes = routes.at(workload.path(), post(floor));
    }
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await?;
    if let Some(address) = acceptor.local_addr().first().and_then(|address| address.as_socket_addr().copied()) {
        println!("Listening on http://{address}");
    }
    Ok(Server::new_with_acceptor(acceptor).run(routes).await?)
}

/// PostgreSQL then writes times as the API does. SQLite takes the zone of the process.
async fn clocks_of_stockholm(db: &Db) -> Outcome<()> {
    if db.backend() != DbBackend::Postgres {
        return Ok(());
    }
    let pool = db.reader().await.get_postgres_connection_pool();
    let mut connections = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        let mut connection = pool.acquire().await?;
        sea_orm::sqlx::query("SET TimeZone TO 'Europe/Stockholm'").execute(&mut *connection).await?;
        connections.push(connection);
    }
    Ok(())
}

struct Floor {
    db: Arc<Db>,
    workload: Workload,
    sql: Option<&'static str>,
}

impl Endpoint for Floor {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let body = request.into_body().into_bytes().await?;
        let arguments: Vec<Argument> = serde_json::from_slice(&body).map_err(poem::error::BadRequest)?;
        let json = match (self.workload.writes(), self.sql) {
            (false, Some(sql)) => self.ask(sql, arguments.into_iter().map(Argument::value).collect()).await,
            (true, Some(sql)) => self.ask(sql, member::New::of(arguments).map(member::New::values)?).await,
            (_, None) => self.add(&member::New::of(arguments)?).await,
        };
        match json {
            Ok(json) => Ok(Response::builder().header(header::CONTENT_TYPE, "application/json").body(json)),
            Err(error) => Ok(Response::builder().status(StatusCode::INTERNAL_SERVER_ERROR).body(error.to_string())),
        }
    }
}

impl Floor {
    async fn ask(&self, sql: &str, values: Vec<Value>) -> Result<String, DbErr> {
        let statement = Statement::from_sql_and_values(self.db.backend(), sql, values);
        let connection = if self.workload.writes() { self.db.writer() } else { self.db.reader().await };
        text(connection.query_one_raw(statement).await?)
    }

    /// SQLite's shortest way: one transaction, three statements.
    async fn add(&self, new: &member::New) -> Result<String, DbErr> {
        let begun = self.db.begin().await;
        let transaction = begun.map_err(|error| DbErr::Custom(error.to_string()))?;
        let json = insert(&transaction, new).await?;
        transaction.commit().await?;
        Ok(json)
    }
}

async fn insert(transaction: &DatabaseTransaction, new: &member::New) -> Result<String, DbErr> {
    let statement = |sql, values: Vec<Value>| Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
    let [membership, change, value] = new.inserts();
    transaction.execute_raw(statement(membership.0, membership.1)).await?;
    transaction.execute_raw(statement(change.0, change.1)).await?;
    text(transaction.query_one_raw(statement(value.0, value.1)).await?)
}

fn text(row: Option<sea_orm::QueryResult>) -> Result<String, DbErr> {
    row.ok_or_else(|| DbErr::RecordNotFound("nothing came back".to_owned()))?.try_get_by_index(0)
}
