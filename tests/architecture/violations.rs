//! The checks fail when they should: each is shown sources and pages that are wrong, and the nearest that are right.

use super::{ALIKE, FILE_LINES, FUNCTION_LINES, NOUN_FOLDERS, NOUNS, imports, missing_nouns, pages, sizes};

/// Asserts that the first lines of what is wrong say this, and that there are no more.
#[track_caller]
fn says(violations: &[String], beginnings: &[&str]) {
    let fits = violations.len() == beginnings.len()
        && violations.iter().zip(beginnings).all(|(violation, beginning)| violation.starts_with(beginning));
    assert!(fits, "expected {beginnings:#?}, got {violations:#?}");
}

#[test]
fn an_import_that_points_up() {
    let up = "src/domain/group.rs:1: domain imports graphql; it may import interchange, mail, policy, app, db, error, entity:";
    for text in [
        "use crate::graphql::Schema;",
        "use crate::graphql;",
        "use crate::{app, graphql::Schema};",
        "use crate::{app::{self, App}, graphql};",
        "use super::super::graphql::Schema;",
        "fn f() { crate::graphql::schema() }",
        "fn f(_: &crate::graphql::Schema) {}",
        "fn f() { println!(\"{}\", crate::graphql::schema()) }",
        "pub use crate::graphql::*;",
        "mod inner { use super::super::super::graphql; }",
    ] {
        says(&imports::imports("src/domain/group.rs", text), &[up]);
    }
    says(&imports::imports("src/app.rs", "use super::graphql;"), &["src/app.rs:1: app imports graphql;"]);
    says(
        &imports::imports("src/http/guard/mod.rs", "\nuse crate::db::connect;"),
        &["src/http/guard/mod.rs:2: http imports db;"],
    );
    says(&imports::imports("src/main.rs", "use samverkan::db::Db;"), &["src/main.rs:1: main imports db;"]);
    says(&imports::imports("src/cli.rs", "use samverkan::db;"), &["src/cli.rs:1: main imports db;"]);
    says(&imports::imports("src/auth/mod.rs", "use crate::domain;"), &["src/auth/mod.rs:1: auth imports domain;"]);
    says(
        &imports::imports("src/domain/load.rs", "fn f() { migration::up() }"),
        &["src/domain/load.rs:1: domain imports migration;"],
    );
    says(
        &imports::imports("migration/src/lib.rs", "use entity::person;"),
        &["migration/src/lib.rs:1: migration imports entity; it may import nothing of ours:"],
    );
    says(&imports::imports("entity/src/lib.rs", "use samverkan::app;"), &["entity/src/lib.rs:1: entity imports app;"]);
    says(&imports::imports("src/telemetry.rs", ""), &["src/telemetry.rs belongs to no layer:"]);
}

#[test]
fn imports_that_are_allowed() {
    for (file, text) in [
        ("src/domain/group.rs", "use crate::{app::App, domain::seat}; use super::person; use entity::values::Period;"),
        ("src/domain/group.rs", "// crate::graphql\nfn f() { let graphql = \"crate::graphql\"; graphql.len(); }"),
        ("src/domain/group.rs", "mod inner { use super::super::seat; use super::graphql; }"),
        ("src/graphql/mod.rs", "mod group; use self::group::Group; use super::domain;"),
        ("src/main.rs", "mod cli; use cli::Cli; use samverkan::{app::App, graphql, http}; use crate::cli::Command;"),
        ("entity/src/group.rs", "use crate::values::Period; use super::person;"),
        ("src/config.rs", "pub(crate) struct Settings; mod entity {}"),
        ("src/config.rs", "fn f(entity: u8) { g(entity) }"),
    ] {
        says(&imports::imports(file, text), &[]);
    }
}

#[test]
fn a_crate_outside_its_layers() {
    for text in [
        "use sea_orm::DbErr;",
        "use {sea_orm::DbErr};",
        "#[sea_orm(ignore)] struct S;",
        "fn f() -> ::sea_orm::DbErr { m!() }",
    ] {
        says(
            &imports::crates("src/graphql/group.rs", text),
            &["src/graphql/group.rs:1: graphql names sea_orm; only domain,"],
        );
        says(&imports::crates("src/domain/group.rs", text), &[]);
    }
    says(&imports::crates("src/app.rs", "use poem::Route;"), &["src/app.rs:1: app names poem; only http, main may"]);
    says(&imports::crates("src/http/mod.rs", "use poem::Route;"), &[]);
}

#[test]
fn a_clock_outside_the_composition_root() {
    for text in ["fn f() { Utc::now() }", "fn f() { chrono::Utc::now() }", "fn f() { vec![Utc::now()] }"] {
        says(
            &imports::clocks("src/domain/seat.rs", text),
            &["src/domain/seat.rs:1: Utc::now outside src/main.rs, src/app.rs:"],
        );
        says(&imports::clocks("src/main.rs", text), &[]);
    }
    says(
        &imports::clocks("entity/src/seat.rs", "\nconst F: F = Uuid::now_v7;"),
        &["entity/src/seat.rs:2: Uuid::now_v7 outside"],
    );
    says(&imports::clocks("src/domain/seat.rs", "fn f(now: Instant) { clock.now() } // Utc::now()"), &[]);
}

#[test]
fn a_noun_without_a_file() {
    says(&missing_nouns(&|_| true), &[]);
    says(&missing_nouns(&|file| file.ends_with("/mod.rs")), &[]);
    says(
        &missing_nouns(&|file| file != "src/graphql/seat.rs" && !file.ends_with("mod.rs")),
        &["src/graphql/seat.rs is missing"],
    );
    assert_eq!(missing_nouns(&|_| false).len(), NOUNS.len() * NOUN_FOLDERS.len() + ALIKE.len() * 3);
}

#[test]
fn a_file_or_function_that_is_too_long() {
    let file = |lines: usize| "// line\n".repeat(lines);
    says(&sizes::sizes("a.rs", &file(FILE_LINES)), &[]);
    says(&sizes::sizes("a.rs", &file(FILE_LINES + 1)), &["a.rs has 401 lines; the limit is 400"]);
    // The signature and the closing brace count, attributes and comments before it do not.
    let body = |lines: usize| format!("{{\n{}}}\n", "f();\n".repeat(lines - 2));
    let too_long = FUNCTION_LINES + 1;
    says(&sizes::sizes("a.rs", &format!("/// Doc.\n#[a]\nfn long() {}", body(FUNCTION_LINES))), &[]);
    for (around, end) in
        [("fn long() ", ""), ("impl S { fn long() ", "}"), ("trait T { fn long() ", "}"), ("fn o() { fn long() ", "}")]
    {
        let found = sizes::sizes("a.rs", &format!("{around}{}{end}", body(too_long)));
        assert!(
            found.contains(
                &"a.rs:1: fn long has 61 lines; the limit is 60: give its steps names and functions of their own"
                    .to_owned()
            ),
            "{around} {found:#?}"
        );
    }
    says(&sizes::sizes("a.rs", "\nfn ("), &["a.rs:2: "]);
}

#[test]
fn a_path_that_does_not_exist() {
    let exists = |path: &str| ["src/domain/load.rs", "docs/a.md", "Cargo.toml", ".ci/run", "data/"].contains(&path);
    let wrong = |text: &str| pages::paths("README.md", text, &exists);
    says(&wrong("\nSee `src/domain/laod.rs`."), &["README.md:2: `src/domain/laod.rs` does not exist"]);
    says(
        &wrong("`a.rs`, `b.toml` and `see c.md:12`; `d.sql`, `docs/`"),
        &[
            "README.md:1: `a.rs`",
            "README.md:1: `b.toml`",
            "README.md:1: `c.md`",
            "README.md:1: `d.sql`",
            "README.md:1: `docs/`",
        ],
    );
    says(&wrong("[The format](docs/b.md#keys)"), &["README.md:1: `docs/b.md` does not exist"]);
    says(
        &wrong(
            "`src/domain/load.rs:12`, `Cargo.toml`, `.ci/run`, `data/`, [x](docs/a.md#keys) [y](https://x.se/a.md) [z](#top)",
        ),
        &[],
    );
    says(
        &wrong(
            "src/laod.rs `https://x.se/a.md` `src/*.rs` `/graphql` `application/json` `<noun>/mod.rs` `Option<Self>`",
        ),
        &[],
    );
    says(&wrong("```\ncat `src/laod.rs`\n```"), &[]);
}
