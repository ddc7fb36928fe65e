//! Server and floor must give the same data.

use samverkan::db::Db;
use serde_json::Value;

use crate::Outcome;
use crate::ask::Ask;
use crate::driver::{Connection, Target};
use crate::workload::Workload;
use crate::{calendar, member};

/// Asks both the same. The first difference ends the run.
pub async fn same(workload: Workload, asks: &[Ask], server: &Target, floor: &Target) -> Outcome<()> {
    let (mut server, mut floor) = (Connection::open(server).await?, Connection::open(floor).await?);
    for ask in asks {
        let data = match workload.is_file() {
            true => calendar::events(std::str::from_utf8(server.ask(&ask.server).await?)?)?,
            false => data(&mut server.json(&ask.server).await?)?,
        };
        let json = floor.json(&ask.floor).await?;
        if let Some(difference) = difference("data", &data, &json) {
            return Err(format!("server and floor differ\n{}\n{}\n{difference}", ask.server, ask.floor).into());
        }
    }
    Ok(())
}

/// Lets each add members of its own, and looks whether both leave what they should. Says how many were added.
pub async fn added(asks: &[Ask], db: &Db, server: &Target, floor: &Target) -> Outcome<()> {
    let (mut server, mut floor) = (Connection::open(server).await?, Connection::open(floor).await?);
    for (place, ask) in asks.iter().enumerate() {
        let json = if place % 2 == 0 {
            let mut answer = server.json(&ask.server).await?;
            data(&mut answer)?
        } else {
            floor.json(&ask.floor).await?
        };
        member::check(db, ask, &json).await.map_err(|error| format!("{}\n{error}", ask.server))?;
    }
    Ok(())
}

/// The data of an answer without errors.
fn data(answer: &mut Value) -> Outcome<Value> {
    if answer.get("errors").is_some() {
        return Err(format!("errors: {answer}").into());
    }
    Ok(answer["data"].take())
}

fn difference(path: &str, server: &Value, floor: &Value) -> Option<String> {
    match (server, floor) {
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            one.iter().find_map(|(name, value)| difference(&format!("{path}.{name}"), value, &other[name]))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut both = one.iter().zip(other).enumerate();
            both.find_map(|(place, (value, other))| difference(&format!("{path}[{place}]"), value, other))
        }
        _ => (server != floor).then(|| format!("{path}\nserver: {server:#}\nfloor: {floor:#}")),
    }
}
