//! Swedish order and folded search, computed in Rust so that both databases agree to the byte.

use std::sync::LazyLock;

use icu_collator::options::{AlternateHandling, CollatorOptions};
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;

static SWEDISH: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| {
    let mut options = CollatorOptions::default();
    // "FoU-rådet" sorts as a word with a hyphen, not as if the hyphen were missing.
    options.alternate_handling = Some(AlternateHandling::NonIgnorable);
    Collator::try_new(locale!("sv").into(), options).expect("Swedish collation data is compiled in")
});

/// Bytes that compare as the texts do in Swedish order (å ä ö last; CLDR's `sv`). The parts compare one after the other.
pub fn sort_key(parts: &[&str]) -> Vec<u8> {
    let mut key = Vec::with_capacity(parts.iter().map(|part| part.len() * 3 + 4).sum());
    for part in parts {
        let Ok(()) = SWEDISH.write_sort_key_to(part, &mut key);
        key.push(0);
    }
    key
}

/// Where the keys of all that begins with the text lie: from the first on, and before the second, which there is none of when everything
/// begins so. Letters alone count, as in a register: case and accents do not, and å, ä and ö are letters.
pub fn sort_key_range(start: &str) -> (Vec<u8>, Option<Vec<u8>>) {
    let mut from = sort_key(&[start]);
    // The letters come first, before what tells accents and case.
    from.truncate(from.iter().position(|byte| *byte <= LEVEL).unwrap_or(0));
    let raised = from.iter().rposition(|byte| *byte < u8::MAX);
    let until = raised.map(|at| [&from[..at], &[from[at] + 1]].concat());
    (from, until)
}

/// What parts the levels of a sort key; none of its weights has this byte or a lesser one.
const LEVEL: u8 = 1;

/// The text as search sees it: lower case, å ä ö and accents folded, every run of other signs a single space.
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for sign in text.chars().flat_map(char::to_lowercase) {
        match fold(sign) {
            Some(folded) => key.push_str(folded),
            None if sign.is_alphanumeric() => key.push(sign),
            None if key.ends_with(' ') || key.is_empty() => {}
            None => key.push(' '),
        }
    }
    key.truncate(key.trim_end().len());
    key
}

fn fold(sign: char) -> Option<&'static str> {
    Some(match sign {
        'å' | 'ä' | 'à' | 'á' | 'â' | 'ã' => "a",
        'ö' | 'ø' | 'ò' | 'ó' | 'ô' | 'õ' => "o",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'ü' | 'ù' | 'ú' | 'û' => "u",
        'í' | 'ì' | 'î' | 'ï' => "i",
        'ç' => "c",
        'ñ' => "n",
        'ý' | 'ÿ' => "y",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        // A combining mark after a plain letter (decomposed text) folds away.
        '\u{300}'..='\u{36f}' => "",
        _ => return None,
    })
}
