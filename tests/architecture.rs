//! The shape of the sources: who may import whom, a file for each noun in each layer, sizes, and pages that name paths.

mod imports;
mod pages;
mod sizes;
mod violations;

use std::fs;
use std::path::{Path, PathBuf};

/// Who may import whom. `main` is the binary: src/main.rs and src/cli.rs; `entity` and `migration` are crates of their own.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    (
        "main",
        &[
            "http",
            "config",
            "app",
            "domain",
            "graphql",
            "interchange",
            "demo",
            "migration",
            "error",
            "entity",
            "auth",
            "policy",
            "mail",
        ],
    ),
    ("lib", &[]),
    ("demo", &[]),
    ("config", &["entity"]),
    ("http", &["graphql", "domain", "interchange", "auth", "policy", "app", "error", "config", "entity"]),
    ("graphql", &["domain", "policy", "app", "error", "entity"]),
    ("auth", &["policy", "app", "error", "config", "entity"]),
    ("domain", &["interchange", "mail", "policy", "app", "db", "error", "entity"]),
    ("policy", &["app", "db", "error", "entity"]),
    ("app", &["db", "error", "config", "entity", "migration"]),
    ("db", &["error", "entity"]),
    ("interchange", &["entity", "error"]),
    ("mail", &["config", "error", "entity"]),
    ("error", &["entity"]),
    ("entity", &[]),
    ("migration", &[]),
];

/// Crates that only these layers may name.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("sea_orm", &["domain", "policy", "app", "db", "error", "entity", "migration"]),
    ("poem", &["http", "main"]),
    ("opentelemetry", &["http", "main"]),
];

/// Only the composition root reads the clock and draws random numbers; everybody else is handed them.
const CLOCKS: &[&str] = &["Utc::now", "Local::now", "SystemTime::now", "Uuid::now_v7", "Uuid::new_v4"];
const CLOCK_FILES: &[&str] = &["src/main.rs", "src/app.rs"];

/// What the API shows, and where each has a file: `noun.rs` or `noun/mod.rs`.
const NOUNS: &[&str] = &[
    "organisation",
    "person",
    "position",
    "tenure",
    "group",
    "seat",
    "membership",
    "substitution",
    "contact_point",
    "schedule",
    "meeting",
    "figure",
    "source",
    "agreement",
    "project",
    "event",
    "identity",
    "grant",
    "change",
];
const NOUN_FOLDERS: &[&str] = &["entity/src", "src/domain", "src/graphql", "tests"];
/// Nouns that are kept alike, and proved together in tests/account.rs.
const ALIKE: &[&str] = &["priority", "follow_up_item", "activity", "result"];

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

/// The pages whose paths must exist, and what looks like a path in them and is none.
const PAGES: &[&str] = &["README.md", "ARCHITECTURE.md"];
const NO_PATHS: &[&str] = &["application/json", "text/event-stream", "Europe/Stockholm", "samverkan.toml"];

/// The folders of Rust sources.
const SOURCES: &[&str] = &["src", "entity", "migration", "tests"];

#[test]
fn imports_point_down() {
    pass(&product().iter().flat_map(|(file, text)| imports::imports(file, text)).collect::<Vec<_>>());
}

#[test]
fn crates_stay_in_their_layers() {
    pass(&product().iter().flat_map(|(file, text)| imports::crates(file, text)).collect::<Vec<_>>());
}

#[test]
fn only_the_composition_root_reads_the_clock() {
    pass(&product().iter().flat_map(|(file, text)| imports::clocks(file, text)).collect::<Vec<_>>());
}

#[test]
fn every_noun_has_a_file_in_every_layer() {
    pass(&missing_nouns(&|file| root().join(file).is_file()));
}

#[test]
fn files_and_functions_are_short() {
    pass(&sources().iter().flat_map(|(file, text)| sizes::sizes(file, text)).collect::<Vec<_>>());
}

#[test]
fn paths_that_pages_name_exist() {
    for page in PAGES.iter().filter(|page| root().join(page).is_file()) {
        let text = fs::read_to_string(root().join(page)).unwrap();
        pass(&pages::paths(page, &text, &|path| root().join(path).exists()));
    }
}

fn missing_nouns(exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let there =
        |folder: &str, noun: &str| exists(&format!("{folder}/{noun}.rs")) || exists(&format!("{folder}/{noun}/mod.rs"));
    let of = |nouns: &'static [&'static str], folders: &'static [&'static str]| {
        nouns.iter().flat_map(move |noun| folders.iter().map(move |folder| (folder, noun)))
    };
    let pairs = of(NOUNS, NOUN_FOLDERS).chain(of(ALIKE, &NOUN_FOLDERS[..3]));
    pairs
        .filter(|(folder, noun)| !there(folder, noun))
        .map(|(folder, noun)| format!("{folder}/{noun}.rs is missing: each noun has a file of its name in each layer"))
        .collect()
}

/// Fails with all of what is wrong.
#[track_caller]
fn pass(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust sources, by their path from the root.
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in SOURCES {
        collect(&root().join(folder), &mut files);
    }
    assert!(files.len() > 50, "only {} sources were found: is SOURCES right?", files.len());
    files.sort();
    files
}

/// The sources without the tests.
fn product() -> Vec<(String, String)> {
    sources().into_iter().filter(|(file, _)| !file.starts_with("tests/")).collect()
}

fn collect(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}
