//! In which language a client wants to be told what went wrong.

use std::cmp::Reverse;

use super::accept::thousandths;
use crate::error::Language;

/// Swedish, if `Accept-Language` prefers it to English: by quality, between equals by what is named first. Otherwise English.
pub fn preferred(accept_language: Option<&str>) -> Language {
    let accepted = accept_language.unwrap_or_default().to_ascii_lowercase();
    let wanted: Vec<(&str, u16)> = accepted.split(',').filter_map(range).collect();
    let best = |named: &dyn Fn(&str) -> bool| {
        let ranked = wanted.iter().enumerate().filter(|(_, (tag, _))| named(tag));
        ranked.map(|(place, (_, quality))| (*quality, Reverse(place))).max()
    };
    let rank = |language: &str| {
        let named = best(&|tag| tag.split('-').next() == Some(language));
        named.or(best(&|tag| tag == "*")).filter(|(quality, _)| *quality > 0)
    };
    if rank("sv") > rank("en") { Language::Swedish } else { Language::English }
}

/// As `Content-Language` writes it.
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::Swedish => "sv",
        Language::English => "en",
    }
}

/// `sv-SE;q=0.8`: the language, and thousandths.
fn range(text: &str) -> Option<(&str, u16)> {
    let (tag, quality) = match text.split_once(';') {
        Some((tag, parameter)) => {
            let (name, value) = parameter.split_once('=')?;
            (tag, (name.trim() == "q").then(|| thousandths(value.trim()))??)
        }
        None => (text, 1000),
    };
    Some((tag.trim(), quality))
}
