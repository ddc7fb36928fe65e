//! Cards as files: which card a path names, in which format, and under which name it is kept.

use entity::values::{Date, GlobalId, Slug, SubjectKind};
use poem::Request;
use poem::http::StatusCode;
use serde::Deserialize;

use super::file::{File, FileAsked};
use super::receive::{Refused, refuse};
use crate::domain::card;
use crate::domain::group::GroupBy;
use crate::domain::view::View;
use crate::error::{Code, Error};
use crate::interchange::card::{Card, Format, Subject, all, one};

#[derive(Deserialize)]
struct Parameters {
    version: Option<String>,
}

/// `/people/ID.vcf`, `/people/ID.json`.
pub fn of_person(request: &Request) -> Result<Option<FileAsked>, Refused> {
    let Some((name, format)) = named(request)? else { return Ok(None) };
    Ok(Some(FileAsked::PersonCard { id: GlobalId::parse(&name), format }))
}

/// `/groups/SLUG.vcf`, `/groups/SLUG.json`; or with an id, which no slug looks like.
pub fn of_group(request: &Request) -> Result<Option<FileAsked>, Refused> {
    let Some((name, format)) = named(request)? else { return Ok(None) };
    let id = GlobalId::parse(&name);
    let group = if id.kind.is_some() { GroupBy::Id(id) } else { GroupBy::Slug(name) };
    Ok(Some(FileAsked::GroupCard { group, format }))
}

/// What stands before the dot, and the format that the rest of the URL says.
fn named(request: &Request) -> Result<Option<(String, Format)>, Refused> {
    let file: String = request.path_params().unwrap_or_default();
    Ok(match file.rsplit_once('.') {
        Some((name, "vcf")) => Some((name.to_owned(), version(request)?)),
        Some((name, "json")) => Some((name.to_owned(), Format::JsContact)),
        _ => None,
    })
}

fn version(request: &Request) -> Result<Format, Refused> {
    let wrong = || refuse(StatusCode::BAD_REQUEST, Code::BadRequest, "version is 4.0 or 3.0");
    let Parameters { version } = request.params().map_err(|_| wrong())?;
    match version.as_deref() {
        None | Some("4.0") => Ok(Format::Vcard4),
        Some("3.0") => Ok(Format::Vcard3),
        Some(_) => Err(wrong()),
    }
}

/// A person's card, of the day that the id holds.
pub async fn person(view: &View, id: GlobalId, format: Format) -> Result<Option<File>, Error> {
    let found = card::of_person(&view.as_of(id.lens.map(Date)), id.of(SubjectKind::Person)).await?;
    Ok(found.map(|card| file(&card, one(&card, format), format)))
}

/// The cards of a group and its members, of the day that the id holds.
pub async fn group(view: &View, group: GroupBy, format: Format) -> Result<Option<File>, Error> {
    let lens = match &group {
        GroupBy::Id(id) => id.lens,
        GroupBy::Slug(_) => None,
    };
    let found = card::of_group(&view.as_of(lens.map(Date)), group).await?;
    Ok(found.and_then(|cards| cards.first().map(|first| file(first, all(&cards, format), format))))
}

/// The file is named after whom the first card is of.
fn file(first: &Card, text: String, format: Format) -> File {
    let name = match &first.of {
        Subject::Person(person) => &person.name,
        Subject::Group(group) => &group.name,
    };
    let name = Slug::from_name(name).map_or_else(|_| first.id.to_string(), String::from);
    File { media_type: format.media_type(), name: format!("{name}.{}", format.extension()), text, personal: false }
}
