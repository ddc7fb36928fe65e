//! Databases of tests: on SQLite, or, when `SAMVERKAN_TEST_POSTGRES` names a cluster (`postgres://user@host/postgres`), on that.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};

use samverkan::app::{self, App};
use samverkan::{demo, domain};
use sea_orm::{ConnectionTrait, Database};

use super::clock;

/// Where the databases of tests are.
enum Place {
    Sqlite(PathBuf),
    Postgres(String),
}

static PLACE: LazyLock<Place> = LazyLock::new(|| match std::env::var("SAMVERKAN_TEST_POSTGRES") {
    Ok(url) => Place::Postgres(url.rsplit_once('/').expect("postgres://…/database").0.to_owned()),
    Err(_) => {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("databases");
        let folder = all.join(std::process::id().to_string());
        std::fs::create_dir_all(&folder).expect("a folder for databases");
        remove_old(&all);
        Place::Sqlite(folder)
    }
});

/// Databases of runs that ended long ago. Another run may be under way.
fn remove_old(all: &Path) {
    let old = |entry: &std::fs::DirEntry| {
        let age = entry.metadata().and_then(|data| data.modified()).ok().and_then(|time| time.elapsed().ok());
        age.is_some_and(|age| age.as_secs() > 3600)
    };
    for entry in std::fs::read_dir(all).into_iter().flatten().flatten().filter(old) {
        let _ = std::fs::remove_dir_all(entry.path());
    }
}

/// Whether the tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    matches!(*PLACE, Place::Postgres(_))
}

fn url(name: &str) -> String {
    match &*PLACE {
        Place::Sqlite(folder) => format!("sqlite://{}", folder.join(format!("{name}.db")).display()),
        Place::Postgres(server) => format!("{server}/samverkan_test_{name}"),
    }
}

/// Runs something asynchronous once, outside any test's runtime.
fn once<F: Future<Output = ()> + Send + 'static>(work: F) {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    std::thread::spawn(move || runtime().block_on(work)).join().expect("the database could not be prepared");
}

/// An empty database, migrated: what fresh ones are copies of.
static EMPTY: LazyLock<String> = LazyLock::new(|| {
    once(async {
        create("empty", None).await;
        app::migrate(&url("empty"), &clock()).await.expect("migrations");
    });
    url("empty")
});

/// The demonstration, loaded once; tests only read it. Copies are made of one that no test opens: PostgreSQL copies no database that is
/// being used.
pub static DEMO: LazyLock<String> = LazyLock::new(|| {
    LazyLock::force(&EMPTY);
    once(async {
        create("demo_original", Some("empty")).await;
        let app = App::open(&url("demo_original"), clock()).await.expect("the demo database");
        let files = demo::FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        if let Err(problems) = domain::load::files(&app, files).await {
            panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        }
        app.close().await.expect("closing");
        create("demo", Some("demo_original")).await;
    });
    url("demo")
});

/// Makes a database, empty or as a copy. One at a time: PostgreSQL copies no database that is being copied.
async fn create(name: &str, from: Option<&str>) {
    match &*PLACE {
        Place::Sqlite(folder) => {
            if let Some(from) = from {
                let path = |name: &str| folder.join(format!("{name}.db"));
                std::fs::copy(path(from), path(name)).expect("a copy");
            }
        }
        Place::Postgres(server) => {
            let admin = Database::connect(format!("{server}/postgres")).await.expect("the test cluster");
            let template = from.map_or("template0".to_owned(), |from| format!("samverkan_test_{from}"));
            let run = |sql: String| {
                let admin = &admin;
                async move { admin.execute_unprepared(&sql).await.expect("a test database") }
            };
            run(format!("DROP DATABASE IF EXISTS samverkan_test_{name} WITH (FORCE)")).await;
            run(format!("CREATE DATABASE samverkan_test_{name} TEMPLATE {template}")).await;
            admin.close().await.expect("closing");
        }
    }
}

/// The URL of a database of one's own: migrated and empty.
pub async fn fresh_database() -> String {
    LazyLock::force(&EMPTY);
    copy_of("empty").await
}

/// The URL of a copy of a database.
pub async fn copy_of(original: &'static str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let name = format!("own_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let copy = name.clone();
    tokio::task::spawn_blocking(move || {
        let _guard = ONE_AT_A_TIME.lock();
        once(async move { create(&copy, Some(original)).await });
    })
    .await
    .expect("a database");
    url(&name)
}

/// Removes a database from the disk.
pub async fn remove(url: &str) {
    match &*PLACE {
        Place::Sqlite(_) => {
            let file = url.trim_start_matches("sqlite://");
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{file}{end}"));
            }
        }
        Place::Postgres(server) => {
            let admin = Database::connect(format!("{server}/postgres")).await.expect("the test cluster");
            let name = url.rsplit_once('/').expect("postgres://…/database").1;
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            admin.execute_unprepared(&drop).await.expect("a test database that goes");
            admin.close().await.expect("closing");
        }
    }
}
