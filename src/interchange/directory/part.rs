//! A part of a document that is parsed on its own: the whole file where it is TOML; else record by record, so that a slip
//! in one record hides nothing that is wrong in the others.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, Error};

use super::clash::Claim;
use super::{Place, Problem};

/// A parsed part and what has been found in it.
pub struct Part<'t> {
    file: Arc<str>,
    first_line: u32,
    /// Where each line after the first begins.
    breaks: Vec<usize>,
    root: Spanned<DeTable<'t>>,
    /// The line from which the text is not TOML. What was recovered from there on is a guess and isn't checked.
    broken_from: Option<u32>,
    problems: RefCell<Vec<Problem>>,
    claims: RefCell<Vec<Claim>>,
}

impl<'t> Part<'t> {
    fn parse(file: &Arc<str>, text: &'t str, first_line: u32) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        let (problems, claims) = (RefCell::default(), RefCell::default());
        let part = Self { file: file.clone(), first_line, breaks, root, broken_from: None, problems, claims };
        let broken_from = part.report_syntax(&errors);
        Self { broken_from, ..part }
    }

    /// Says the first error of each line, as the parser stumbles several times over one slip. Answers with the first line.
    fn report_syntax(&self, errors: &[Error]) -> Option<u32> {
        let mut told = 0;
        for (span, message) in first_causes(errors) {
            let place = self.place(&span);
            if place.line > told {
                told = place.line;
                self.problems.borrow_mut().push(place.problem("", format!("this is not TOML: {message}")));
            }
        }
        errors.iter().map(|error| self.place(&error.span().unwrap_or_default()).line).min()
    }

    /// The table of the part's nouns.
    pub fn root(&self) -> &DeTable<'t> {
        self.root.get_ref()
    }

    /// The place of a span of the part's text.
    pub fn place(&self, span: &Range<usize>) -> Place {
        let line = self.breaks.partition_point(|&start| start <= span.start) as u32;
        Place { file: self.file.clone(), line: self.first_line + line }
    }

    /// Says that something is wrong with what stands there.
    pub fn report(&self, place: &Place, field: String, message: String) {
        if self.broken_from.is_none_or(|broken| place.line < broken) {
            self.problems.borrow_mut().push(place.problem(field, message));
        }
    }

    /// Says that something is missing, unless it may stand where the text can't be read.
    pub fn report_missing(&self, place: &Place, field: String, message: String) {
        if self.broken_from.is_none() {
            self.report(place, field, message);
        }
    }

    /// Notes a key, to be compared with those of the other parts.
    pub fn claim(&self, claim: Claim) {
        if self.broken_from.is_none_or(|broken| claim.place.line < broken) {
            self.claims.borrow_mut().push(claim);
        }
    }

    /// What is wrong with the part, and the keys in it.
    pub fn into_findings(self) -> (Vec<Problem>, Vec<Claim>) {
        (self.problems.into_inner(), self.claims.into_inner())
    }
}

/// The errors in the order of the text. Behind a bracket that is never closed everything is wrong, so the first error there
/// stands for the others.
fn first_causes(errors: &[Error]) -> Vec<(Range<usize>, String)> {
    let mut causes: Vec<_> =
        errors.iter().map(|error| (error.span().unwrap_or_default(), error.message().to_owned())).collect();
    causes.sort_by_key(|(span, _)| span.start);
    let says = |message: &str, words: [&str; 2]| words.iter().any(|word| message.contains(word));
    if causes.iter().any(|(_, message)| says(message, ["unclosed array,", "unclosed inline table"])) {
        let first = causes.iter().position(|(_, message)| says(message, ["missing comma", "inline table"]));
        let behind = first.unwrap_or(causes.len());
        causes.truncate(behind + 1);
        if let Some((_, message)) = causes.last_mut() {
            message.push_str("; or a bracket before this is not closed");
        }
    }
    causes
}

/// The file's parts.
pub fn parts<'t>(name: &str, text: &'t str) -> Vec<Part<'t>> {
    let file: Arc<str> = name.into();
    let whole = Part::parse(&file, text, 1);
    if whole.broken_from.is_none() {
        return vec![whole];
    }
    let mut first_line = 1;
    let mut parts = Vec::new();
    for record in records(text) {
        parts.push(Part::parse(&file, record, first_line));
        first_line += record.matches('\n').count() as u32;
    }
    // What is wrong only with the whole, such as `[group]` beside `[[group]]`, shows in no part.
    if parts.iter().all(|part| part.broken_from.is_none()) { vec![whole] } else { parts }
}

/// The text cut before each line that begins a record, `[[group]]`, but not before one that goes on with it, `[[group.seats]]`.
fn records(text: &str) -> Vec<&str> {
    let mut records = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if begins_record(line) {
            records.extend(text.get(start..at));
            start = at;
        }
        at += line.len();
    }
    records.extend(text.get(start..));
    records
}

fn begins_record(line: &str) -> bool {
    let header = line.trim_start().strip_prefix("[[").and_then(|rest| rest.split([']', '#', '\r', '\n']).next());
    header.is_some_and(|noun| noun.trim().chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '_' | '-')))
}
