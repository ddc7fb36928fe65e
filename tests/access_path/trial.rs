//! Asks questions, and looks into each statement that is sent for an answer.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use poem::http::StatusCode;
use sea_orm::Statement;
use serde_json::Value;

use super::bounds;
use super::explain::Explainer;
use super::questions::Question;
use super::world::{Asker, Nation};
use crate::support::Client;

/// How many rows the parents of questions have of each list, the most of all its filters, whoever may see them. Those may be sorted, or
/// looked through.
pub struct Own(BTreeMap<String, u64>);

impl Own {
    /// Counted by somebody who sees everything.
    pub async fn count(all: &Client, questions: &[Question]) -> Self {
        let mut own = BTreeMap::new();
        for question in questions {
            let Some(total) = &question.total else { continue };
            let answer = all.answer(&total.replace("$page", "first: 1"), question.variables.clone()).await;
            let most: &mut u64 = own.entry(question.list().to_owned()).or_default();
            *most = sum(&answer, "totalCount").max(*most);
        }
        Self(own)
    }

    fn of(&self, question: &Question) -> u64 {
        self.0.get(question.list()).copied().unwrap_or_default()
    }
}

/// Somebody asks, and what is sent for each answer is looked into.
pub struct Trial {
    pub nation: Arc<Nation>,
    pub asker: Asker,
    own: Arc<Own>,
    explainer: Explainer,
    /// By all trials.
    found: Arc<Mutex<Found>>,
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
    /// The files that were asked for.
    pub paths: BTreeSet<String>,
}

impl Trial {
    pub async fn new(nation: &Arc<Nation>, asker: Asker, own: &Arc<Own>, found: &Arc<Mutex<Found>>) -> Self {
        let explainer = Explainer::new(&nation.app.url).await;
        Self { nation: nation.clone(), asker, own: own.clone(), explainer, found: found.clone() }
    }

    /// Asks a question, and walks on from its page where that is asked, both ways, with most of the list on the way.
    pub async fn ask(&self, question: &Question) {
        let forward = self.page(question, "first: 20").await;
        if !question.walked {
            return;
        }
        let backward = self.page(question, "last: 20").await;
        if let Some(cursor) = text(&forward, "endCursor") {
            self.page(question, &format!("last: 20, before: \"{cursor}\"")).await;
        }
        if let Some(cursor) = text(&backward, "startCursor") {
            self.page(question, &format!("first: 20, after: \"{cursor}\"")).await;
        }
    }

    async fn page(&self, question: &Question, page: &str) -> Value {
        self.asker.heard();
        let text = question.text.replace("$page", page);
        let answer = self.asker.client.answer(&text, question.variables.clone()).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        if !["", "FORBIDDEN"].contains(&code) {
            let unanswered = format!("{}: {} {page}: {}", self.asker.name, question.name, answer["errors"][0]);
            self.found().wrong.insert(unanswered.clone(), (u64::MAX, unanswered));
        }
        self.look_into_heard(&format!("{} {page}", question.name), &question.name, self.own.of(question)).await;
        answer
    }

    /// Asks for a file, of which whoever sees everything sees so many rows by `own`.
    pub async fn file(&self, path: &str, own: &str) {
        self.file_of(&self.asker.client, path, own).await;
    }

    /// The same for somebody else.
    pub async fn file_of(&self, client: &Client, path: &str, own: &str) {
        let own = sum(&self.nation.all.ask(own).await, "totalCount");
        self.asker.heard();
        let status = client.get(path).send().await.0.status();
        assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&status), "{}: {path}: {status}", self.asker.name);
        self.found().paths.insert(path.to_owned());
        self.look_into_heard(path, path, own).await;
    }

    async fn look_into_heard(&self, asked: &str, question: &str, own: u64) {
        let asked_as = format!("{}: {asked}", self.asker.name);
        let statements = self.asker.heard();
        self.look_into(Heard { asked_as, question: question.to_owned(), statements, own }).await;
    }

    /// Looks into statements, unless somebody has before.
    pub async fn look_into(&self, mut heard: Heard) {
        {
            let mut found = self.found();
            heard.statements.retain(|statement| found.seen.insert(format!("{} {:?}", statement.sql, statement.values)));
            found.statements += heard.statements.len();
        }
        if heard.statements.is_empty() {
            return;
        }
        let transaction = self.explainer.begin().await;
        for statement in &heard.statements {
            let values = statement.values.as_ref().map_or(0, |values| values.0.len() as u64);
            let (read, wrong) = match self.explainer.explain(&transaction, statement).await {
                Ok(cost) => {
                    let why = bounds::too_much(&heard.question, &cost, cost.returned + values + heard.own);
                    (cost.read, why.map(|why| format!("{why}\n{statement}\n{}", cost.plan)))
                }
                Err(error) => (u64::MAX, Some(format!("{error}\n{statement}"))),
            };
            let Some(wrong) = wrong else { continue };
            let mut found = self.found();
            let worst = found.wrong.entry(heard.question.clone()).or_default();
            if read >= worst.0 {
                *worst = (read, format!("{}: {wrong}", heard.asked_as));
            }
        }
        transaction.rollback().await.expect("the end");
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().expect("no panic")
    }
}

impl Found {
    /// All that was wrong, the worst first.
    pub fn wrong(&self) -> Vec<&str> {
        let mut wrong: Vec<&(u64, String)> = self.wrong.values().collect();
        wrong.sort_by_key(|(read, _)| std::cmp::Reverse(*read));
        wrong.into_iter().map(|(_, line)| line.as_str()).collect()
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
