//! Paths that pages name: words in backticks, and links.

use super::NO_PATHS;

/// Paths on a page that do not exist. Blocks of code are not looked at.
pub fn paths(page: &str, text: &str, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut in_block = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            let named = backticked(line).chain(links(line));
            let missing = named.filter(|path| !exists(path));
            wrong.extend(missing.map(|path| {
                format!("{page}:{number}: `{path}` does not exist: mend the page, or list what is no path in NO_PATHS")
            }));
        }
    }
    wrong
}

fn backticked(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).flat_map(str::split_whitespace).map(plain).filter(|word| is_path(word))
}

/// The targets of `[text](target)`, without those on the web and on the page itself.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .map(|target| target.split('#').next().unwrap_or(target))
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

/// The word without what may stand around a path in a sentence: commas, a line number.
fn plain(word: &str) -> &str {
    let word = word.trim_matches([',', ';', '(', ')', '"', '\'']);
    word.split(':').next().filter(|_| !word.contains("://")).unwrap_or(word)
}

/// Routes (`/graphql`), options, globs, placeholders and settings (`NAME=value`) are no paths of ours.
fn is_path(word: &str) -> bool {
    let foreign = word.starts_with(['/', '-', '~', '@']) || word.contains("://");
    let pattern = word.contains(['*', '{', '}', '<', '>', '=', '$', '…', '|', '§']);
    let looks = word.contains('/') || [".rs", ".toml", ".md", ".sql"].iter().any(|end| word.ends_with(end));
    looks && !foreign && !pattern && !word.starts_with("target/") && !NO_PATHS.contains(&word)
}
