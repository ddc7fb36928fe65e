//! Asks questions, and looks into each statement that is sent for an answer.

use std::collections::{BTreeMap, HashSet};

use poem::http::StatusCode;
use sea_orm::{DatabaseTransaction, Statement};
use serde_json::Value;

use super::bounds;
use super::explain::Explainer;
use super::questions::Question;
use super::world::Nation;
use crate::support::Client;

/// What was found.
pub struct Trial<'a> {
    nation: &'a Nation,
    /// Sees everything.
    all: Client,
    explainer: Explainer,
    /// Statements with their values that have been looked into.
    seen: HashSet<String>,
    /// How many rows each parent has of a list, whatever the filter.
    own: BTreeMap<String, u64>,
    /// What has been asked for that.
    counted: HashSet<String>,
    /// The worst that each question has done, with the reason.
    wrong: BTreeMap<String, (u64, String)>,
    /// How many statements there were.
    pub statements: usize,
    /// The files that were asked for.
    pub paths: Vec<String>,
}

impl<'a> Trial<'a> {
    pub async fn new(nation: &'a Nation) -> Self {
        let explainer = Explainer::new(&nation.app.app.db).await;
        let all = nation.app.administrator().for_free();
        let (seen, own, counted, wrong) = Default::default();
        Self { nation, all, explainer, seen, own, counted, wrong, statements: 0, paths: Vec::new() }
    }

    /// All that was wrong, the worst first.
    pub fn wrong(self) -> Vec<String> {
        let mut wrong: Vec<(u64, String)> = self.wrong.into_values().collect();
        wrong.sort_by_key(|(read, _)| std::cmp::Reverse(*read));
        wrong.into_iter().map(|(_, line)| line).collect()
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
            let line = format!("{who}: {} {page}: {}", question.name, answer["errors"][0]);
            self.wrong.insert(question.name.clone(), (u64::MAX, line));
        }
        self.look_into_heard(&format!("{who}: {} {page}", question.name), &question.name, own).await;
        answer
    }

    /// Asks for a file, of which whoever sees everything sees so many rows by `own`.
    pub async fn file(&mut self, who: &str, client: &Client, path: &str, own: &str) {
        let own = sum(&self.all.ask(own).await, "totalCount");
        self.nation.heard();
        let status = client.get(path).send().await.0.status();
        assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&status), "{who}: {path}: {status}");
        self.paths.push(path.to_owned());
        self.look_into_heard(&format!("{who}: {path}"), path, own).await;
    }

    async fn look_into_heard(&mut self, asked_as: &str, question: &str, own: u64) {
        for statement in self.nation.heard() {
            let transaction = self.nation.app.app.db.begin().await.expect("a transaction");
            self.look_into(&transaction, asked_as, question, &statement, own).await;
            transaction.rollback().await.expect("the end");
        }
    }

    /// Looks into a statement, unless it has been looked into before.
    pub async fn look_into(
        &mut self,
        transaction: &DatabaseTransaction,
        asked_as: &str,
        question: &str,
        statement: &Statement,
        own: u64,
    ) {
        if !self.seen.insert(format!("{} {:?}", statement.sql, statement.values)) {
            return;
        }
        self.statements += 1;
        let values = statement.values.as_ref().map_or(0, |values| values.0.len() as u64);
        let (read, found) = match self.explainer.explain(transaction, statement).await {
            Ok(cost) => {
                let why = bounds::too_much(question, &cost, cost.returned + values + own);
                (cost.read, why.map(|why| format!("{why}\n{statement}\n{}", cost.plan)))
            }
            Err(error) => (u64::MAX, Some(format!("{error}\n{statement}"))),
        };
        let Some(found) = found else { return };
        let worst = self.wrong.entry(question.to_owned()).or_default();
        if read >= worst.0 {
            *worst = (read, format!("{asked_as}: {found}"));
        }
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
