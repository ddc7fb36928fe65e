//! What a source file names: the project's own modules, other crates, the clock. It looks at tokens, so that what stands in
//! macros counts too.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::{CLOCK_FILES, CLOCKS, MAY_IMPORT, MAY_NAME};

/// Imports that point up.
pub fn imports(file: &str, text: &str) -> Vec<String> {
    let Some((layer, allowed)) = layer(file) else {
        return vec![format!("{file} belongs to no layer: add it to MAY_IMPORT in tests/architecture.rs, and say why")];
    };
    let wrong = |named: &Named| {
        let target = target(named, layer)?;
        let fine = target == layer || allowed.contains(&target.as_str());
        (!fine).then(|| {
            let (line, may) = (named.line, list(allowed));
            format!(
                "{file}:{line}: {layer} imports {target}; it may import {may}: move what is shared down, or pass it in"
            )
        })
    };
    names(file, text, wrong)
}

/// Crates that are named outside the layers that may name them.
pub fn crates(file: &str, text: &str) -> Vec<String> {
    let Some((layer, _)) = layer(file) else { return Vec::new() };
    let wrong = |named: &Named| {
        let (name, may) = MAY_NAME.iter().find(|(name, _)| named.path.iter().any(|part| part == name))?;
        (!may.contains(&layer))
            .then(|| format!("{file}:{}: {layer} names {name}; only {} may: wrap it there", named.line, list(may)))
    };
    names(file, text, wrong)
}

/// Readings of the clock outside the composition root.
pub fn clocks(file: &str, text: &str) -> Vec<String> {
    let wrong = |named: &Named| {
        let calls = |clock: &&&str| named.path.windows(2).any(|pair| pair.join("::") == **clock);
        let clock = CLOCKS.iter().find(calls)?;
        let (line, may) = (named.line, list(CLOCK_FILES));
        Some(format!("{file}:{line}: {clock} outside {may}: take the time or the id as an argument"))
    };
    if CLOCK_FILES.contains(&file) { Vec::new() } else { names(file, text, wrong) }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "nothing of ours".to_owned() } else { names.join(", ") }
}

/// The layer of a file and what it may import.
fn layer(file: &str) -> Option<(&'static str, &'static [&'static str])> {
    let name = match file.split(['/', '.']).collect::<Vec<_>>()[..] {
        ["src", "cli", ..] => "main",
        ["src", name, ..] | [name, ..] => name,
        [] => return None,
    };
    MAY_IMPORT.iter().find(|(layer, _)| *layer == name).copied()
}

/// Which layer a path leads to, when it leads into the project at all.
fn target(named: &Named, layer: &str) -> Option<String> {
    let mut module = named.module.clone();
    let mut path = named.path.iter().map(String::as_str).peekable();
    match path.next()? {
        "crate" | "super" if ["entity", "migration"].contains(&layer) => return None,
        "crate" | "samverkan" => module.clear(),
        "super" => {
            module.pop();
            while path.next_if_eq(&"super").is_some() {
                module.pop();
            }
        }
        // Also a variable may have the name, but then nothing of it is named.
        first @ ("entity" | "migration") => return path.next().map(|_| first.to_owned()),
        _ => return None,
    }
    module.extend(path.map(str::to_owned));
    module.into_iter().next().map(|first| if first == "cli" { "main".to_owned() } else { first })
}

/// A path that a source names.
struct Named {
    /// The module in which it stands.
    module: Vec<String>,
    path: Vec<String>,
    line: usize,
}

fn names(file: &str, text: &str, wrong: impl Fn(&Named) -> Option<String>) -> Vec<String> {
    let Ok(tokens) = text.parse::<TokenStream>() else { return vec![format!("{file} is not Rust")] };
    let mut found = Vec::new();
    find(tokens, &module(file), &[], &mut found);
    let mut wrong: Vec<_> = found.iter().filter_map(wrong).collect();
    wrong.dedup();
    wrong
}

/// The module that a file of a crate is.
fn module(file: &str) -> Vec<String> {
    let path = file.rsplit_once("src/").map_or(file, |(_, path)| path).trim_end_matches(".rs");
    let path = path.trim_end_matches("mod").trim_end_matches('/');
    if ["lib", "main"].contains(&path) { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// Finds all paths. Those in braces after `prefix::`, as in `use a::{b, c::d}`, begin with the prefix.
fn find(tokens: TokenStream, module: &[String], prefix: &[String], found: &mut Vec<Named>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Group(group) => find(group.stream(), module, &[], found),
            TokenTree::Ident(word) if word == "mod" => {
                if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) =
                    (tokens.get(at), tokens.get(at + 1))
                {
                    find(body.stream(), &[module, &[name.to_string()]].concat(), &[], found);
                    at += 2;
                }
            }
            TokenTree::Ident(first) => at = path(&tokens, at, first, module, prefix, found),
            _ => {}
        }
    }
}

/// Reads the path that begins with `first`, of which the rest is at `at`. Answers with where it ends.
fn path(
    tokens: &[TokenTree],
    mut at: usize,
    first: &Ident,
    module: &[String],
    prefix: &[String],
    found: &mut Vec<Named>,
) -> usize {
    let colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(sign)) if sign.as_char() == ':');
    let mut path = [prefix, &[first.to_string()]].concat();
    while colon(at) && colon(at + 1) {
        match tokens.get(at + 2) {
            Some(TokenTree::Ident(next)) => path.push(next.to_string()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                find(group.stream(), module, &path, found);
                return at + 3;
            }
            _ => break,
        }
        at += 3;
    }
    found.push(Named { module: module.to_vec(), path, line: first.span().start().line });
    at
}
