//! Parts that the commands of several nouns share.

use std::collections::HashSet;

use async_graphql::MaybeUndefined;
use chrono::NaiveDate;
use entity::values::{
    Audience, ContactPointKind, ContactValue, Date, GlobalId, InvalidContact, Period, START_OF_TIME, Slug, SubjectKind,
};
use uuid::Uuid;

use crate::domain::view::View;
use crate::error::{Code, Error, Rule, Said, Subject};
use crate::policy::{self, Action, Permit};

/// The most characters of a name or a title.
const LONGEST_NAME: usize = 200;
/// The most groups that meet together.
const MOST_GROUPS: usize = 50;
/// The most characters of a free text.
const LONGEST_TEXT: usize = 10_000;

/// A period of whole days; an end that is left out is open.
pub fn period(from: Date, until: Option<Date>) -> Result<Period, Error> {
    Period::new(Some(from.0), until.map(|date| date.0)).map_err(|_| Error::conflict(Rule::PeriodEmpty))
}

/// A period with the bounds that are given and the others as they were; an end of null is open.
pub fn moved(was: Period, from: Option<Date>, until: &MaybeUndefined<Date>) -> Result<Period, Error> {
    let empty = |_| Error::conflict(Rule::PeriodEmpty);
    // An end that moves as well is not in the way of a beginning after the old one.
    let was = if until.is_undefined() { was } else { was.ending(None).map_err(empty)? };
    let period = match from {
        Some(from) => was.beginning(from.0).map_err(empty)?,
        None => was,
    };
    match until {
        MaybeUndefined::Undefined => Ok(period),
        MaybeUndefined::Null => period.ending(None).map_err(empty),
        MaybeUndefined::Value(until) => period.ending(Some(until.0)).map_err(empty),
    }
}

/// A period of whole days that begins today when nothing is said, and at no known day when that is null.
pub fn begun(from: &MaybeUndefined<Date>, until: Option<Date>, today: NaiveDate) -> Result<Period, Error> {
    period(first_day(from).unwrap_or(Date(today)), until).map_err(|error| error.at("until"))
}

/// The first day that is given, for [`moved`]; null is before all days.
pub fn first_day(from: &MaybeUndefined<Date>) -> Option<Date> {
    match from {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(Date(START_OF_TIME)),
        MaybeUndefined::Value(from) => Some(*from),
    }
}

/// A period that ends on a day, today when left out. What is over before that day is not prolonged in this way.
pub fn ended(was: Period, until: Option<Date>, today: NaiveDate) -> Result<Period, Error> {
    let until = until.unwrap_or(Date(today));
    if was.until().is_some_and(|end| end.0 < until.0) {
        let over = Said::both("this is over before that day", "detta är avslutat före den dagen");
        return Err(Error::invalid(Code::InvalidInput, over).at("until"));
    }
    moved(was, None, &MaybeUndefined::Value(until)).map_err(|error| error.at("until"))
}

/// A name for addresses.
pub fn slug(text: &str, field: &'static str) -> Result<Slug, Error> {
    let says = "ett adressnamn har små bokstäver a–z, siffror och enstaka bindestreck, högst 80 tecken";
    Slug::parse(text).map_err(|error| Error::invalid(Code::InvalidInput, Said::both(error.to_string(), says)).at(field))
}

/// A period with another beginning, and with a later end, or none: what was closed too early goes on. An earlier end is for the mutation that
/// closes.
pub fn prolonged(was: Period, from: &MaybeUndefined<Date>, until: &MaybeUndefined<Date>) -> Result<Period, Error> {
    let last = if until.is_undefined() { "from" } else { "until" };
    let period = moved(was, first_day(from), until).map_err(|error| error.at(last))?;
    if period.columns().1 < was.columns().1 {
        let earlier = Said::both("to end it earlier, close it", "avsluta den för att den ska sluta tidigare");
        return Err(Error::invalid(Code::InvalidInput, earlier).at("until"));
    }
    Ok(period)
}

/// A name without the space around it.
pub fn name(text: &str, field: &'static str) -> Result<String, Error> {
    within(text, LONGEST_NAME).ok_or_else(|| length(LONGEST_NAME).at(field))
}

/// A free text without the space around it.
pub fn text(text: &str, field: &'static str) -> Result<String, Error> {
    within(text, LONGEST_TEXT).ok_or_else(|| length(LONGEST_TEXT).at(field))
}

/// A name that may be left out.
pub fn name_if_given(text: Option<&String>, field: &'static str) -> Result<Option<String>, Error> {
    text.map(|text| name(text, field)).transpose()
}

/// A free text that may be left out.
pub fn text_if_given(text: Option<&String>, field: &'static str) -> Result<Option<String>, Error> {
    text.map(|given| self::text(given, field)).transpose()
}

fn within(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    (1..=most).contains(&text.chars().count()).then(|| text.to_owned())
}

fn length(most: usize) -> Error {
    Error::invalid(
        Code::InvalidInput,
        Said::both(format!("this takes 1 to {most} characters"), format!("detta tar 1 till {most} tecken")),
    )
}

/// The address of a web page.
pub fn web(text: &str, field: &'static str) -> Result<String, Error> {
    let says = "en webbadress börjar med https:// eller http:// och anger en värd";
    let wrong =
        |error: InvalidContact| Error::invalid(Code::InvalidInput, Said::both(error.to_string(), says)).at(field);
    ContactValue::parse(ContactPointKind::Web, text).map(|web| web.value).map_err(wrong)
}

/// What a value that may be cleared becomes: as it was when undefined, nothing when null.
pub fn changed<T: Clone>(input: &MaybeUndefined<T>, was: Option<T>) -> Option<T> {
    match input {
        MaybeUndefined::Undefined => was,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(value) => Some(value.clone()),
    }
}

/// A name that may be cleared, checked.
pub fn changed_name(
    input: &MaybeUndefined<String>,
    was: Option<String>,
    field: &'static str,
) -> Result<Option<String>, Error> {
    match input {
        MaybeUndefined::Value(value) => name(value, field).map(Some),
        other => Ok(changed(other, was)),
    }
}

/// A free text that may be cleared, checked.
pub fn changed_text(
    input: &MaybeUndefined<String>,
    was: Option<String>,
    field: &'static str,
) -> Result<Option<String>, Error> {
    match input {
        MaybeUndefined::Value(value) => text(value, field).map(Some),
        other => Ok(changed(other, was)),
    }
}

/// The row that an id in the input names, if the asker sees it.
pub async fn seen(view: &View, id: GlobalId, kind: SubjectKind, field: &'static str) -> Result<Uuid, Error> {
    let id = id.of(kind);
    subjects_seen(view, [(kind, id)], field).await.map(|()| id)
}

/// The same for an id that may be left out.
pub async fn seen_if_given(
    view: &View,
    id: Option<GlobalId>,
    kind: SubjectKind,
    field: &'static str,
) -> Result<Option<Uuid>, Error> {
    match id {
        Some(id) => seen(view, id, kind, field).await.map(Some),
        None => Ok(None),
    }
}

/// That the asker sees all that a list names.
pub async fn all_seen(view: &View, ids: &[GlobalId], kind: SubjectKind, field: &'static str) -> Result<(), Error> {
    subjects_seen(view, ids.iter().map(|id| (kind, id.of(kind))), field).await
}

/// The same of what is of several kinds.
pub async fn subjects_seen(
    view: &View,
    subjects: impl IntoIterator<Item = Subject>,
    field: &'static str,
) -> Result<(), Error> {
    let asked: HashSet<Subject> = subjects.into_iter().collect();
    match policy::visible_of(&view.app, &view.actor, asked.iter().copied()).await?.len() == asked.len() {
        true => Ok(()),
        false => Err(Error::NotFound.at(field)),
    }
}

/// The permit for something that is done in several groups: in each of them.
pub async fn permit_in(view: &View, action: Action, groups: &[GlobalId]) -> Result<Permit, Error> {
    let mut groups: Vec<Uuid> = groups.iter().map(|id| id.of(SubjectKind::Group)).collect();
    groups.sort_unstable();
    groups.dedup();
    if groups.len() > MOST_GROUPS {
        let many = Said::both("this takes at most 50 groups", "detta tar högst 50 grupper");
        return Err(Error::invalid(Code::InvalidInput, many));
    }
    let mut permit = Err(missing());
    for id in groups {
        permit = Ok(policy::permit_on(&view.app, &view.actor, action, (SubjectKind::Group, id)).await?);
    }
    permit
}

/// The ids of a list that names at least one thing, and none twice.
pub fn distinct(ids: &[GlobalId], kind: SubjectKind, field: &'static str) -> Result<Vec<Uuid>, Error> {
    if ids.is_empty() { Err(missing().at(field)) } else { different(ids, kind, field) }
}

/// The ids of a list that names nothing twice.
pub fn different(ids: &[GlobalId], kind: SubjectKind, field: &'static str) -> Result<Vec<Uuid>, Error> {
    let mut distinct: Vec<Uuid> = Vec::new();
    for id in ids.iter().map(|id| id.of(kind)) {
        if distinct.contains(&id) {
            let twice = Said::both("this names something twice", "detta anger något två gånger");
            return Err(Error::invalid(Code::InvalidInput, twice).at(field));
        }
        distinct.push(id);
    }
    Ok(distinct)
}

fn missing() -> Error {
    Error::invalid(Code::InvalidInput, Said::both("this takes at least one", "detta tar minst en"))
}

/// Parts of something that are given as a list.
pub fn at_most(number: usize, most: usize, field: &'static str) -> Result<(), Error> {
    if number <= most {
        return Ok(());
    }
    let many = Said::both(format!("this takes at most {most}"), format!("detta tar högst {most}"));
    Err(Error::invalid(Code::InvalidInput, many).at(field))
}

/// A whole number that is not less than nothing.
pub fn amount(number: Option<i32>, field: &'static str) -> Result<Option<i32>, Error> {
    if number.is_none_or(|number| number >= 0) {
        return Ok(number);
    }
    let negative = Said::both("this takes a number of at least 0", "detta tar ett tal som är minst 0");
    Err(Error::invalid(Code::InvalidInput, negative).at(field))
}

/// Nobody hides something further than they see: it would be gone for themselves, too.
pub fn audience(view: &View, wanted: Audience) -> Result<Audience, Error> {
    if wanted <= Audience::Coordinators || view.actor.sees() >= wanted {
        return Ok(wanted);
    }
    Err(Error::NotAllowed(vec![entity::values::Role::Administrator]).at("audience"))
}
