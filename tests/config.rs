//! Settings: who decides, and what is said to who sets them wrongly.

mod check;
mod command_line;
mod deployed;
mod issuers;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use samverkan::config::{Flags, Settings, SettingsErrors};

/// A directory that no other test has, and that goes away with its own.
pub struct Place(PathBuf);

impl Place {
    pub fn new(name: &str) -> Self {
        // Tests that take one helper give the same name, at the same time.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("config-{name}-{}-{count}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).expect("a directory");
        Self(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn read(flags: &Flags, variables: &[(&str, &str)], file: &Path) -> Result<Settings, SettingsErrors> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Settings::from(flags, variables.iter().map(owned), file)
}

fn message(flags: &Flags, variables: &[(&str, &str)], file: &Path) -> String {
    read(flags, variables, file).expect_err("a mistake").to_string()
}

#[test]
fn without_settings_it_is_sqlite_here_and_local() {
    let settings = read(&Flags::default(), &[], Path::new("none.toml")).expect("defaults");
    assert_eq!(settings.database.url, "sqlite://samverkan.db");
    assert!(!settings.database.chosen);
    assert_eq!(settings.http.listen, "127.0.0.1:8080");
    assert_eq!(settings.http.graphiql_assets, None);
    assert_eq!(settings.http.points_per_minute, Some(2_000_000));
    assert!(settings.http.trusted_proxies.is_empty());
    assert!(settings.http.stored_documents.is_empty() && !settings.http.only_stored_documents);
    assert!(settings.tokens.own && settings.tokens.issuers.is_empty());
}

#[test]
fn who_speaks_last_decides() {
    let place = Place::new("last");
    let file = place.file("samverkan.toml", "listen = \"a:1\"\ndatabase_url = \"sqlite://file.db\"\nlog = \"debug\"\n");
    let settings = read(&Flags::default(), &[], &file).expect("a file");
    assert_eq!(settings.http.listen, "a:1");
    assert!(!settings.database.chosen, "a file that lies about chooses nothing");
    let environment = [("SAMVERKAN_LISTEN", "b:2"), ("SAMVERKAN_DATABASE_URL", "sqlite://env.db")];
    let settings = read(&Flags::default(), &environment, &file).expect("both");
    assert_eq!(settings.http.listen, "b:2");
    assert_eq!(settings.database.url, "sqlite://env.db");
    assert!(settings.database.chosen);
    assert_eq!(settings.log.filter, "debug");
    let flags = Flags { listen: Some("c:3".into()), graphiql_assets: Some("dir".into()), ..Flags::default() };
    let settings = read(&flags, &environment, &file).expect("all three");
    assert_eq!(settings.http.listen, "c:3");
    assert_eq!(settings.http.graphiql_assets, Some("dir".into()));
    assert_eq!(settings.database.url, "sqlite://env.db");
}

#[test]
fn a_named_file_is_read_instead_and_must_be_there() {
    let place = Place::new("named");
    let default = place.file("samverkan.toml", "listen = \"a:1\"");
    let other = place.file("other.toml", "listen = \"b:2\"");
    let flags = Flags { config: Some(other.clone()), ..Flags::default() };
    assert_eq!(read(&flags, &[], &default).expect("other").http.listen, "b:2");
    let variable = [("SAMVERKAN_CONFIG", other.to_str().expect("a plain path"))];
    assert_eq!(read(&Flags::default(), &variable, &default).expect("other").http.listen, "b:2");
    let flags = Flags { config: Some("absent.toml".into()), ..Flags::default() };
    assert!(message(&flags, &[], &default).starts_with("absent.toml: "));
}

#[test]
fn unknown_settings_are_refused_by_name_with_the_known_ones() {
    let place = Place::new("unknown");
    let file = place.file("samverkan.toml", "listn = \"a:1\"");
    let error = message(&Flags::default(), &[], &file);
    assert!(error.contains("samverkan.toml: unknown setting listn; known are database_url, listen"), "{error}");
    let none = Path::new("none.toml");
    let error = message(&Flags::default(), &[("SAMVERKAN_LISTN", "a:1")], none);
    assert!(error.contains("SAMVERKAN_LISTN") && error.contains("SAMVERKAN_LISTEN"), "{error}");
    let error = message(&Flags::default(), &[("SAMVERKAN_listen", "a:1")], none);
    assert!(error.contains("SAMVERKAN_listen"), "{error}");
    let of_others = [("SAMVERKAN_TEST_DATABASE_URL", "x"), ("PATH", "y"), ("LISTEN", "z")];
    assert!(read(&Flags::default(), &of_others, none).is_ok());
}

#[test]
fn wrong_values_name_their_source_and_never_a_password() {
    let place = Place::new("wrong");
    let none = Path::new("none.toml");
    let secret = [("SAMVERKAN_DATABASE_URL", "mysql://root:hemligt@db")];
    let error = message(&Flags::default(), &secret, none);
    assert!(error.starts_with("SAMVERKAN_DATABASE_URL: database_url is not a URL"), "{error}");
    assert!(!error.contains("hemligt"));
    let flags = Flags { listen: Some("8080".into()), ..Flags::default() };
    assert_eq!(message(&flags, &[], none), "--listen: listen is not HOST:PORT");
    let file = place.file("samverkan.toml", "listen = 8080");
    let error = message(&Flags::default(), &[], &file);
    assert!(error.ends_with("samverkan.toml: listen is not a string"), "{error}");
    let file = place.file("samverkan.toml", "listen = \n");
    let error = message(&Flags::default(), &[], &file);
    assert!(error.contains("samverkan.toml: line 1: "), "{error}");
    let file = place.file("samverkan.toml", "listen = \"a:1\"\ndatabase_url = \"postgres://u:hemligt@h\n");
    let error = message(&Flags::default(), &[], &file);
    assert!(error.contains("samverkan.toml: line 2: ") && !error.contains("hemligt"), "{error}");
}

#[test]
fn links_begin_where_the_server_listens_unless_another_address_is_its_own() {
    let none = Path::new("none.toml");
    let settings = |variables: &[(&str, &str)]| read(&Flags::default(), variables, none);
    assert_eq!(settings(&[]).expect("defaults").public_url, "http://127.0.0.1:8080");
    let listening = [("SAMVERKAN_LISTEN", "[::1]:81")];
    assert_eq!(settings(&listening).expect("an address").public_url, "http://[::1]:81");
    for url in ["https://example.org", "http://example.org:81/samverkan/"] {
        assert_eq!(settings(&[("SAMVERKAN_PUBLIC_URL", url)]).expect(url).public_url, url);
    }
    for wrong in [
        "",
        "example.org",
        "ftp://example.org",
        "https://",
        "https://a@example.org",
        "https://:b@example.org",
        "https://example.org/?a",
        "https://example.org/#a",
    ] {
        let error = message(&Flags::default(), &[("SAMVERKAN_PUBLIC_URL", wrong)], none);
        assert!(
            error.starts_with("SAMVERKAN_PUBLIC_URL: public_url is not an https:// or http:// URL"),
            "{wrong}: {error}"
        );
    }
}

#[test]
fn mail_takes_a_server_and_a_sender_and_sends_no_password_in_the_clear() {
    let none = Path::new("none.toml");
    let with = |url: &'static str, from: &'static str| [("SAMVERKAN_SMTP_URL", url), ("SAMVERKAN_MAIL_FROM", from)];
    let settings = |variables: &[(&str, &str)]| read(&Flags::default(), variables, none).map(|settings| settings.mail);
    assert!(settings(&[]).expect("defaults").is_none());
    for url in [
        "smtps://u:p@mail.example.org",
        "smtps://mail.example.org:4650",
        "smtp://u:p@mail.example.org?tls=required",
        "smtp://mail.example.org:25",
        "smtp://mail.example.org?tls=opportunistic",
        "smtp://u:p@127.0.0.1:2525",
    ] {
        let mail = settings(&with(url, "Samverkan <a@example.org>")).expect(url).expect("a mail server");
        assert!(!format!("{mail:?}").contains(":p@"), "{mail:?}");
    }
    for wrong in [
        "",
        "mail.example.org",
        "http://mail.example.org",
        "smtps://",
        "smtp://u:hemligt@mail.example.org",
        "smtp://u:hemligt@mail.example.org?tls=opportunistic",
        "smtps://mail.example.org?tls=none",
    ] {
        let error = message(&Flags::default(), &with(wrong, "a@example.org"), none);
        assert!(
            error.starts_with("SAMVERKAN_SMTP_URL: smtp_url is not an smtps:// or smtp:// URL"),
            "{wrong}: {error}"
        );
        assert!(!error.contains("hemligt"));
    }
    let error = message(&Flags::default(), &with("smtps://mail.example.org", "nobody"), none);
    assert_eq!(error, "SAMVERKAN_MAIL_FROM: mail_from is not an e-mail address, nor NAME <ADDRESS>");
    let error = message(&Flags::default(), &[("SAMVERKAN_SMTP_URL", "smtps://mail.example.org")], none);
    assert_eq!(error, "SAMVERKAN_SMTP_URL: smtp_url is set, and mail_from is not");
    let error = message(&Flags::default(), &[("SAMVERKAN_MAIL_FROM", "a@example.org")], none);
    assert_eq!(error, "SAMVERKAN_MAIL_FROM: mail_from is set, and smtp_url is not");
}

#[test]
fn passwords_are_masked() {
    for (url, masked) in [
        ("postgres://u:p@h/d", "postgres://u:***@h/d"),
        ("postgres://u:p:@/?x@h:5432/d?a=b", "postgres://u:***@h:5432/d?a=b"),
        ("postgres://u@h/d?password=p&sslpassword=q&a=b", "postgres://u@h/d?password=***&sslpassword=***&a=b"),
        ("postgres://h/d", "postgres://h/d"),
        ("sqlite://samverkan.db?mode=rwc", "sqlite://samverkan.db?mode=rwc"),
        ("sqlite::memory:", "sqlite::memory:"),
    ] {
        let flags = Flags { database_url: Some(url.into()), ..Flags::default() };
        let settings = read(&flags, &[], Path::new("none.toml")).expect("a database");
        assert_eq!(settings.database.masked(), masked);
        assert_eq!(format!("{:?}", settings.database), format!("Database({masked})"));
    }
}

#[test]
fn budgets_and_proxies_are_numbers_and_networks() {
    let none = Path::new("none.toml");
    let with = |points: &'static str, proxies: &'static str| {
        [("SAMVERKAN_POINTS_PER_MINUTE", points), ("SAMVERKAN_TRUSTED_PROXIES", proxies)]
    };
    let http = read(&Flags::default(), &with("off", "10.0.0.0/8, 192.0.2.1,2001:db8::/32"), none).expect("both").http;
    let proxies: Vec<String> = http.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(http.points_per_minute, None);
    assert_eq!(proxies, ["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32"]);
    let http = read(&Flags::default(), &with("200000", "10.0.0.1"), none).expect("both").http;
    assert_eq!(http.points_per_minute, Some(200_000));
    for (points, proxies, wrong) in [
        ("199999", "10.0.0.1", "points_per_minute is not off, or a number of at least 200000"),
        ("many", "10.0.0.1", "points_per_minute is not off, or a number of at least 200000"),
        ("off", "proxy.example.org", "trusted_proxies is not addresses or networks, such as 10.0.0.0/8"),
        ("off", "10.0.0.0/8,", "trusted_proxies is not addresses or networks"),
    ] {
        let error = message(&Flags::default(), &with(points, proxies), none);
        assert!(error.contains(wrong), "{points} {proxies}: {error}");
    }
}

#[test]
fn only_stored_documents_are_run_where_there_are_some() {
    let none = Path::new("none.toml");
    let with = |files: &'static str, only: &'static str| {
        [("SAMVERKAN_STORED_DOCUMENTS", files), ("SAMVERKAN_ONLY_STORED_DOCUMENTS", only)]
    };
    let http = read(&Flags::default(), &with("a.json, b/c.json", "on"), none).expect("both").http;
    assert_eq!(http.stored_documents, [Path::new("a.json"), Path::new("b/c.json")]);
    assert!(http.only_stored_documents);
    for (files, only, wrong) in [
        ("a.json,", "off", "stored_documents is not files, with commas between them"),
        ("a.json", "yes", "only_stored_documents is not off, or on where there are stored_documents"),
    ] {
        let error = message(&Flags::default(), &with(files, only), none);
        assert!(error.contains(wrong), "{files} {only}: {error}");
    }
    let error = message(&Flags::default(), &[("SAMVERKAN_ONLY_STORED_DOCUMENTS", "on")], none);
    assert!(error.contains("on where there are stored_documents"), "{error}");
}

#[test]
fn origins_are_written_as_browsers_write_them() {
    let none = Path::new("none.toml");
    let with =
        |mode: &'static str, origins: &'static str| [("SAMVERKAN_MODE", mode), ("SAMVERKAN_ALLOWED_ORIGINS", origins)];
    let origins = "https://www.example.org, http://localhost:5173";
    let http = read(&Flags::default(), &with("production", origins), none).expect("both").http;
    assert!(http.production);
    assert_eq!(http.allowed_origins, ["https://www.example.org", "http://localhost:5173"]);
    for (mode, origins, wrong) in [
        ("prod", "https://a.example.org", "mode is not development or production"),
        ("production", "*", "allowed_origins is not origins such as https://www.example.org"),
        ("production", "https://a.example.org/", "allowed_origins is not"),
        ("production", "https://a.example.org:443", "allowed_origins is not"),
        ("production", "https://A.example.org", "allowed_origins is not"),
        ("production", "a.example.org", "allowed_origins is not"),
    ] {
        let error = message(&Flags::default(), &with(mode, origins), none);
        assert!(error.contains(wrong), "{mode} {origins}: {error}");
    }
}
