//! Recurrence rules against python-dateutil: `tests/tools/recurrence.py` says by which rules meetings begin when. Every run compares the rules
//! beside this file; `SAMVERKAN_TEST_RECURRENCES` names others.

use chrono::{NaiveDate, NaiveTime};
use entity::values::{Instant, Recurrence};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    rule: String,
    first: NaiveDate,
    at: String,
    before: NaiveDate,
    begin: Vec<String>,
}

impl Case {
    /// When meetings begin, in UTC; as many as the other says, and one more if there is one.
    fn ours(&self) -> Vec<String> {
        let rule = Recurrence::parse(&self.rule).unwrap_or_else(|error| panic!("{error}"));
        let at = NaiveTime::parse_from_str(&self.at, "%H:%M").expect("a time of day");
        let days = rule.days(self.first, at, self.before).unwrap_or_else(|error| panic!("{error}"));
        let begin = |day: NaiveDate| Instant::from_local(day.and_time(at)).expect("a time that is there").utc();
        let most = if self.begin.len() == MEETINGS { MEETINGS } else { self.begin.len() + 1 };
        days.take(most).map(|day| begin(day).format("%Y-%m-%dT%H:%MZ").to_string()).collect()
    }
}

/// How many meetings of a rule the script writes at most.
const MEETINGS: usize = 12;

#[test]
fn rules_agree_with_python_dateutil() {
    let (rules, least) = match std::env::var("SAMVERKAN_TEST_RECURRENCES") {
        Ok(file) => (std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}")), 1),
        Err(_) => (include_str!("recurrence.jsonl").to_owned(), 400),
    };
    let cases: Vec<Case> = rules.lines().map(|line| serde_json::from_str(line).expect("a rule")).collect();
    assert!(cases.len() >= least, "only {} rules", cases.len());
    let differ = |case: &&Case| case.ours() != case.begin;
    let wrong: Vec<String> = cases
        .iter()
        .filter(differ)
        .map(|case| {
            format!(
                "{} from {} at {} before {}\n  ours   {:?}\n  theirs {:?}",
                case.rule,
                case.first,
                case.at,
                case.before,
                case.ours(),
                case.begin
            )
        })
        .collect();
    let told = wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {} rules differ:\n{told}", wrong.len(), cases.len());
    println!("{} rules agree, {} meetings", cases.len(), cases.iter().map(|case| case.begin.len()).sum::<usize>());
}

#[test]
fn what_is_no_rule_of_days_is_refused() {
    for text in [
        "",
        "FREQ",
        "FREQ=",
        "FREQ=DAILY;",
        ";FREQ=DAILY",
        "freq=DAILY",
        "INTERVAL=2;FREQ=DAILY",
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=DAILY;BYMINUTE=5",
        "FREQ=DAILY;BYEASTER=1",
        "FREQ=DAILY;X=1",
        "FREQ=DAILY;UNTIL=2026",
        "FREQ=DAILY;UNTIL=20261301",
        "FREQ=DAILY;UNTIL=20260329T023000",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;COUNT=x",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTH=13",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=DAILY;COUNT=1;COUNT=1",
        "RRULE:FREQ=DAILY",
        "FREQ=DAILY\nEXDATE:20260101",
    ] {
        assert!(Recurrence::parse(text).is_err(), "{text:?}");
    }
    assert!(Recurrence::parse(&format!("FREQ=YEARLY;BYYEARDAY={}", vec!["1"; 300].join(","))).is_err(), "too long");
}

#[test]
fn a_rule_that_never_gives_a_day_comes_to_an_end() {
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    for text in [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=5",
    ] {
        let rule = Recurrence::parse(text).expect(text);
        let days = rule.days(first, NaiveTime::MIN, NaiveDate::MAX).expect(text);
        assert_eq!(days.count(), 0, "{text}");
    }
}
