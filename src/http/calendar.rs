//! Calendars as files: whose calendar a path names.

use entity::values::Date;
use poem::Request;
use poem::http::StatusCode;
use serde::Deserialize;

use super::card;
use super::file::{File, FileAsked};
use super::receive::{Refused, refuse};
use crate::domain::calendar::{self, Bounds};
use crate::domain::view::View;
use crate::error::{Code, Error};

/// Whose calendar is asked for.
#[derive(Clone, Debug)]
pub enum Whose {
    /// A group's, by its slug.
    Group(String),
    /// An organisation's, by its slug.
    Organisation(String),
    /// That of whoever made it, by its secret.
    Owner(String),
}

#[derive(Deserialize)]
struct Parameters {
    from: Option<String>,
    until: Option<String>,
}

/// `/groups/SLUG.ics`; other files of groups are cards.
pub fn of_group(request: &Request) -> Result<Option<FileAsked>, Refused> {
    match asked(request, Whose::Group)? {
        Some(asked) => Ok(Some(asked)),
        None => card::of_group(request),
    }
}

/// `/organisations/SLUG.ics`.
pub fn of_organisation(request: &Request) -> Result<Option<FileAsked>, Refused> {
    asked(request, Whose::Organisation)
}

/// `/calendars/SECRET.ics`.
pub fn of_owner(request: &Request) -> Result<Option<FileAsked>, Refused> {
    asked(request, Whose::Owner)
}

fn asked(request: &Request, whose: fn(String) -> Whose) -> Result<Option<FileAsked>, Refused> {
    let file: String = request.path_params().unwrap_or_default();
    let Some(name) = file.strip_suffix(".ics") else { return Ok(None) };
    let wrong = || refuse(StatusCode::BAD_REQUEST, Code::BadRequest, "from and until are days, YYYY-MM-DD");
    let Parameters { from, until } = request.params().map_err(|_| wrong())?;
    let day = |text: Option<String>| text.map(|text| Date::parse(&text)).transpose().map_err(|_| wrong());
    Ok(Some(FileAsked::Calendar { whose: whose(name.to_owned()), bounds: (day(from)?, day(until)?) }))
}

/// The calendar, as whoever asks, or its owner, sees it.
pub async fn find(view: &View, whose: Whose, bounds: Bounds) -> Result<Option<File>, Error> {
    let (found, name, personal) = match whose {
        Whose::Group(slug) => (calendar::of_group(view, slug.clone(), bounds).await?, slug, false),
        Whose::Organisation(slug) => (calendar::of_organisation(view, slug.clone(), bounds).await?, slug, false),
        Whose::Owner(secret) => (calendar::of_owner(&view.app, &secret, bounds).await?, "kalender".to_owned(), true),
    };
    let file = |text| File { media_type: "text/calendar; charset=utf-8", name: format!("{name}.ics"), text, personal };
    Ok(found.map(|calendar| file(calendar.text())))
}
