//! Agreements and projects: which of them are asked for.

use chrono::{Datelike, NaiveDate};
use entity::values::ReferenceNumber;
use samverkan::db::{Db, Sql};
use serde_json::json;

use crate::Outcome;
use crate::ask::{Argument, Ask};
use crate::draw::{ASKS, Draw, Now};
use crate::workload::Workload;

/// How many years back projects are asked for.
const YEARS: i32 = 5;

/// Agreements, each by one of its references.
pub async fn agreements(db: &Db, draw: &mut Draw, now: Now) -> Outcome<Vec<Ask>> {
    let sql = "SELECT series, number FROM reference WHERE subject_kind = 'AGREEMENT' ORDER BY series, number";
    let mut references = Vec::new();
    for row in db.query(Sql::text(sql)).await? {
        references.push(ReferenceNumber { series: row.try_get_by_index(0)?, number: row.try_get_by_index(1)? });
    }
    let ask = |reference: ReferenceNumber| {
        let variables = json!({ "reference": reference.to_string() });
        let arguments = [Argument::Text(reference.series), Argument::Text(reference.number), Argument::Day(now.today)];
        Ask::new(Workload::W9, variables, &arguments)
    };
    Ok(draw.some(references, ASKS).into_iter().map(ask).collect())
}

/// The projects of each fund in each of the last years.
pub async fn projects(db: &Db, draw: &mut Draw, now: Now) -> Outcome<Vec<Ask>> {
    let sql = "SELECT DISTINCT fund FROM project WHERE fund IS NOT NULL ORDER BY fund";
    let mut asks = Vec::new();
    for row in db.query(Sql::text(sql)).await? {
        let fund: String = row.try_get_by_index(0)?;
        for year in now.today.year() - YEARS..=now.today.year() {
            let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).ok_or("the end of the calendar");
            let days = [first(year)?, first(year + 1)?, now.today].map(Argument::Day);
            let arguments = [&[Argument::Text(fund.clone())], &days[..]].concat();
            asks.push(Ask::new(Workload::W10, json!({ "fund": fund, "year": year }), &arguments));
        }
    }
    Ok(draw.some(asks, ASKS))
}
