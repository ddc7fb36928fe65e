//! `serve --check-config`: all that is wrong at once, and nothing served.

use std::process::Output;

use super::Place;

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned).collect()
}

fn checked(place: &Place, variables: &[(&str, &str)]) -> (Option<i32>, Vec<String>) {
    let output = place.run(&["serve", "--check-config"], variables);
    (output.status.code(), lines(&output))
}

#[test]
fn what_is_right_is_said_to_be_in_one_line() {
    let place = Place::new("check-right");
    assert_eq!(place.run(&["migrate"], &[]).status.code(), Some(0));
    // Where the server is that this one is to replace.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let listen = taken.local_addr().expect("its address").to_string();
    let variables = [
        ("SAMVERKAN_LISTEN", listen.as_str()),
        ("SAMVERKAN_METRICS_LISTEN", "localhost:9464"),
        ("SAMVERKAN_SMTP_URL", "smtps://mail.example.org"),
        ("SAMVERKAN_MAIL_FROM", "samverkan@example.org"),
    ];
    let output = place.run(&["serve", "--check-config"], &variables);
    assert_eq!(output.status.code(), Some(0), "{:?}", lines(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
    assert_eq!(lines(&output), Vec::<String>::new());
}

#[test]
fn all_that_is_wrong_is_said_with_the_settings_name() {
    let place = Place::new("check-wrong");
    let issuer = |url: &str| format!("[[issuers]]\nissuer = \"{url}\"\naudience = \"api\"\n");
    let file = "listen = 8080\nmode = \"prod\"\ndatabase_url = \"sqlite://absent.db\"\nlog = \"a=b=c\"\n";
    place.file("samverkan.toml", &[file, &issuer("ftp://a.example"), &issuer("http://b.example")].concat());
    let variables = [
        ("SAMVERKAN_GRAPHIQL_ASSETS", "absent"),
        // An address for documentation, which no machine has.
        ("SAMVERKAN_METRICS_LISTEN", "192.0.2.1:9464"),
        ("SAMVERKAN_PUBLIC_URL", "example.org"),
        ("SAMVERKAN_POINTS_PER_MINUTE", "1"),
        ("SAMVERKAN_ALLOWED_ORIGINS", "*"),
        ("SAMVERKAN_TRUSTED_PROXIES", "proxy"),
        ("SAMVERKAN_SMTP_URL", "smtp://u:hemligt@mail.example.org"),
        ("SAMVERKAN_MAIL_FROM", "nobody"),
        ("SAMVERKAN_LOG_FORMAT", "xml"),
        ("SAMVERKAN_OWN_TOKENS", "yes"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "not a URL"),
    ];
    let (code, said) = checked(&place, &variables);
    assert_eq!(code, Some(2));
    let expected = [
        "listen is not a string",
        "samverkan.toml: line 6: it must be an https:// URL",
        "samverkan.toml: line 9: it must be an https:// URL",
        "mode is not",
        "public_url is not",
        "points_per_minute is not",
        "allowed_origins is not",
        "trusted_proxies is not",
        "smtp_url is not",
        "mail_from is not",
        "log_format is not",
        "own_tokens is not",
        "log: ",
        "metrics_listen: cannot listen on 192.0.2.1:9464",
        "graphiql_assets: ",
        "OTEL_EXPORTER_OTLP_ENDPOINT: ",
        "database_url: sqlite://absent.db: there is no database yet",
    ];
    for problem in expected {
        assert_eq!(said.iter().filter(|line| line.contains(problem)).count(), 1, "{problem}: {said:#?}");
    }
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    assert!(said.iter().all(|line| line.starts_with("samverkan: ") && !line.contains("hemligt")), "{said:#?}");
}

#[test]
fn where_it_is_not_known_what_is_meant_nothing_is_looked_for() {
    let place = Place::new("check-unknown");
    let unknown =
        [("SAMVERKAN_DATABSE_URL", "sqlite://x.db"), ("SAMVERKAN_LISTN", "a:1"), ("SAMVERKAN_LOG_FORMAT", "x")];
    let (code, said) = checked(&place, &unknown);
    assert_eq!(code, Some(2));
    assert_eq!(said.len(), 3, "{said:#?}");
    place.file("samverkan.toml", "listen = \"a:1\nmode = = 1\n");
    let (code, said) = checked(&place, &[("SAMVERKAN_OWN_TOKENS", "yes")]);
    assert_eq!(code, Some(2));
    assert!(said.iter().any(|line| line.contains("samverkan.toml: line 1: ")), "{said:#?}");
    assert!(said.iter().any(|line| line.contains("own_tokens")), "{said:#?}");
    assert!(!said.iter().any(|line| line.contains("there is no database")), "{said:#?}");
}
