//! Asks questions, and looks into each statement that is sent for an answer.

use std::collections::{BTreeMap, HashSet};

use poem::http::StatusCode;
use samverkan::db::Db;
use sea_orm::Statement;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use super::bounds;
use super::explain::Explainer;
use super::questions::Question;
use super::world::Nation;
use crate::support::Client;

/// Asks, while what was sent for the answers before is looked into.
pub struct Trial<'a> {
    nation: &'a Nation,
    /// Sees everything.
    all: Client,
    /// How many rows each parent has of a list, whatever the filter.
    own: BTreeMap<String, u64>,
    /// What has been asked for that.
    counted: HashSet<String>,
    to_look_into: UnboundedSender<Heard>,
    looked_into: JoinHandle<Found>,
    /// Questions that were answered with an error.
    unanswered: Vec<String>,
    /// The files that were asked for.
    paths: Vec<String>,
}

/// What was sent for an answer.
pub struct Heard {
    /// Who asked what, and how.
    pub asked_as: String,
    pub question: String,
    /// In this order, and in one transaction.
    pub statements: Vec<Statement>,
    /// How many rows its parents have.
    pub own: u64,
}

/// What was found.
#[derive(Default)]
pub struct Found {
    /// Statements with their values that have been looked into.
    seen: HashSet<String>,
    /// The worst that each question has done, with the reason.
    wrong: BTreeMap<String, (u64, String)>,
    /// How many statements there were.
    pub statements: usize,
}

impl<'a> Trial<'a> {
    pub async fn new(nation: &'a Nation) -> Self {
        let (all, db) = (nation.app.administrator().for_free(), nation.quiet.clone());
        let (own, counted, unanswered, paths) = Default::default();
        let (to_look_into, mut heard) = unbounded_channel();
        let looked_into = tokio::spawn(async move {
            let (explainer, mut found) = (Explainer::new(&db).await, Found::default());
            while let Some(heard) = heard.recv().await {
                found.look_into(&db, &explainer, heard).await;
            }
            found
        });
        Self { nation, all, own, counted, to_look_into, looked_into, unanswered, paths }
    }

    /// What was found, and the files that were asked for.
    pub async fn found(self) -> (Found, Vec<String>) {
        drop(self.to_look_into);
        let mut found = self.looked_into.await.expect("no panic");
        found.wrong.extend(self.unanswered.into_iter().map(|line| (line.clone(), (u64::MAX, line))));
        (found, self.paths)
    }

    /// Asks a question, and walks on from its page where that is asked, both ways, with most of the list on the way.
    pub async fn ask(&mut self, who: &str, client: &Client, question: &Question) {
        let own = self.own(question).await;
        let forward = self.page(who, client, question, "first: 20", own).await;
        if !question.walked {
            return;
        }
        let backward = self.page(who, client, question, "last: 20", own).await;
        if let Some(cursor) = text(&forward, "endCursor") {
            self.page(who, client, question, &format!("last: 20, before: \"{cursor}\""), own).await;
        }
        if let Some(cursor) = text(&backward, "startCursor") {
            self.page(who, client, question, &format!("first: 20, after: \"{cursor}\""), own).await;
        }
    }

    /// How many rows there are of a list of parents, whoever may see them, the most of all its filters. Those may be sorted, or looked
    /// through.
    async fn own(&mut self, question: &Question) -> u64 {
        let Some(total) = &question.total else { return 0 };
        let list = question.name.split('(').next().unwrap_or_default().to_owned();
        let most = self.own.entry(list).or_default();
        // It is the same whoever asks the question.
        if self.counted.insert(question.name.clone()) {
            let answer = self.all.answer(&total.replace("$page", "first: 1"), question.variables.clone()).await;
            *most = sum(&answer, "totalCount").max(*most);
        }
        *most
    }

    async fn page(&mut self, who: &str, client: &Client, question: &Question, page: &str, own: u64) -> Value {
        self.nation.heard();
        let answer = client.answer(&question.text.replace("$page", page), question.variables.clone()).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        if !["", "FORBIDDEN"].contains(&code) {
            self.unanswered.push(format!("{who}: {} {page}: {}", question.name, answer["errors"][0]));
        }
        self.look_into_heard(&format!("{who}: {} {page}", question.name), &question.name, own);
        answer
    }

    /// Asks for a file, of which whoever sees everything sees so many rows by `own`.
    pub async fn file(&mut self, who: &str, client: &Client, path: &str, own: &str) {
        let own = sum(&self.all.ask(own).await, "totalCount");
        self.nation.heard();
        let status = client.get(path).send().await.0.status();
        assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&status), "{who}: {path}: {status}");
        self.paths.push(path.to_owned());
        self.look_into_heard(&format!("{who}: {path}"), path, own);
    }

    fn look_into_heard(&self, asked_as: &str, question: &str, own: u64) {
        let statements = self.nation.heard();
        self.look_into(Heard { asked_as: asked_as.to_owned(), question: question.to_owned(), statements, own });
    }

    /// Has statements looked into, unless they have been before.
    pub fn look_into(&self, heard: Heard) {
        self.to_look_into.send(heard).expect("somebody who looks");
    }
}

impl Found {
    /// All that was wrong, the worst first.
    pub fn wrong(self) -> Vec<String> {
        let mut wrong: Vec<(u64, String)> = self.wrong.into_values().collect();
        wrong.sort_by_key(|(read, _)| std::cmp::Reverse(*read));
        wrong.into_iter().map(|(_, line)| line).collect()
    }

    async fn look_into(&mut self, db: &Db, explainer: &Explainer, mut heard: Heard) {
        heard.statements.retain(|statement| self.seen.insert(format!("{} {:?}", statement.sql, statement.values)));
        if heard.statements.is_empty() {
            return;
        }
        let transaction = db.begin().await.expect("a transaction");
        for statement in &heard.statements {
            self.statements += 1;
            let values = statement.values.as_ref().map_or(0, |values| values.0.len() as u64);
            let (read, found) = match explainer.explain(&transaction, statement).await {
                Ok(cost) => {
                    let why = bounds::too_much(&heard.question, &cost, cost.returned + values + heard.own);
                    (cost.read, why.map(|why| format!("{why}\n{statement}\n{}", cost.plan)))
                }
                Err(error) => (u64::MAX, Some(format!("{error}\n{statement}"))),
            };
            let Some(found) = found else { continue };
            let worst = self.wrong.entry(heard.question.clone()).or_default();
            if read >= worst.0 {
                *worst = (read, format!("{}: {found}", heard.asked_as));
            }
        }
        transaction.rollback().await.expect("the end");
    }
}

/// The first text of a field of this name.
fn text(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Array(values) => values.iter().find_map(|value| text(value, name)),
        Value::Object(fields) => {
            let here = fields.get(name).and_then(Value::as_str).map(str::to_owned);
            here.or_else(|| fields.values().find_map(|value| text(value, name)))
        }
        _ => None,
    }
}

/// The sum of all numbers in fields of this name.
fn sum(value: &Value, name: &str) -> u64 {
    match value {
        Value::Array(values) => values.iter().map(|value| sum(value, name)).sum(),
        Value::Object(fields) => {
            let here = fields.get(name).and_then(Value::as_u64).unwrap_or_default();
            here + fields.values().map(|value| sum(value, name)).sum::<u64>()
        }
        _ => 0,
    }
}
