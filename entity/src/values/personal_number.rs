use chrono::NaiveDate;

use super::organisation_number::luhn;

/// Whether a Swedish personal identity number or coordination number stands somewhere in a text: ten or twelve digits, the day of
/// birth first (in coordination numbers with 60 added to it), with or without a sign before the last four, and a valid check digit
/// (Skatteverket, SKV 704 and SKV 707). It stands alone: what is part of a longer reference, of a web address or of an international
/// phone number is none.
pub fn holds_personal_number(text: &str) -> bool {
    let mut in_web_address = false;
    text.char_indices().any(|(at, sign)| {
        let (before, rest) = text.split_at(at);
        in_web_address |= before.ends_with("://") || before.ends_with("www.");
        in_web_address &= !sign.is_whitespace();
        !in_web_address && !belongs(before.chars().rev()) && begins_with_one(rest) && !is_country_code(before)
    })
}

fn begins_with_one(text: &str) -> bool {
    written(text).is_some_and(|(digits, after)| is_personal_number(&digits) && !belongs(after.chars()))
}

/// What people and programs write before the last four digits: plus, spaces, and hyphens and dashes of all kinds.
const SEPARATORS: &[char] = &[
    '-', '+', ' ', '\u{a0}', '\u{ad}', '\u{202f}', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}',
    '\u{2212}',
];

/// The digits with which a text begins, if as many as such a number has, without their separator; and what comes after them.
fn written(text: &str) -> Option<(String, &str)> {
    let (digits, after) = leading_digits(text);
    match digits.len() {
        10 | 12 => Some((digits.to_owned(), after)),
        6 | 8 => {
            let (last, after) = leading_digits(after.strip_prefix(SEPARATORS)?);
            (last.len() == 4).then(|| (format!("{digits}{last}"), after))
        }
        _ => None,
    }
}

fn leading_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// Whether the signs beside a number, the nearest first, make it a part of something longer, such as `RUN/659/2016`.
fn belongs(mut beside: impl Iterator<Item = char>) -> bool {
    beside.next().is_some_and(|nearest| match nearest {
        '/' => true,
        hyphen if SEPARATORS.contains(&hyphen) && !hyphen.is_whitespace() => {
            beside.next().is_some_and(char::is_alphanumeric)
        }
        other => other.is_alphanumeric(),
    })
}

/// Whether what stands before a number makes it a phone number of some country: `+`, or `+358` and a space.
fn is_country_code(before: &str) -> bool {
    let word = before.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
    before.ends_with('+') || word.strip_prefix('+').is_some_and(|code| code.parse::<u16>().is_ok())
}

/// Of ten or twelve digits. Ten do not tell the century.
fn is_personal_number(digits: &str) -> bool {
    let (century, ten) = digits.split_at(digits.len() - 10);
    let (date, last) = ten.split_at(6);
    let is_born = |century: &str| is_day_of_birth(&format!("{century}{date}"));
    let born = match century {
        "" => is_born("19") || is_born("20"),
        "18" | "19" | "20" => is_born(century),
        _ => false,
    };
    born && !last.starts_with("000") && luhn(ten.as_bytes())
}

/// Whether eight digits are a day, as it is or with 60 added.
fn is_day_of_birth(digits: &str) -> bool {
    let Ok(number) = digits.parse::<u32>() else { return false };
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let day = if day > 60 { day - 60 } else { day };
    NaiveDate::from_ymd_opt(year as i32, month, day).is_some()
}
