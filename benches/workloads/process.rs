//! Programs of their own, each on its core.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::Outcome;

/// Where server and floor run.
const SERVER: &str = "0";
/// Where this program and PostgreSQL run.
const DRIVER: &str = "1";
/// What one client may ask for in a minute: the account is kept, and never used up.
pub const POINTS: u64 = 1_000_000_000_000;

/// Puts this process, and the threads that it starts from now on, on its core.
pub fn pin_self() -> Outcome<()> {
    pin(std::process::id(), DRIVER).map(drop)
}

/// Processes that go back to the cores they came from.
#[derive(Default)]
pub struct Pinned(Vec<(u32, String)>);

impl Pinned {
    /// A process and its children. What they start comes along.
    pub fn family(parent: u32) -> Outcome<Self> {
        let mut pinned = Self::default();
        for process in std::iter::once(parent).chain(children(parent)?) {
            pinned.0.push((process, pin(process, DRIVER)?));
        }
        Ok(pinned)
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        for (process, cores) in &self.0 {
            let _ = pin(*process, cores);
        }
    }
}

/// Which process started this one.
pub fn parent(process: u32) -> Outcome<u32> {
    Ok(status(process, "PPid:")?.parse()?)
}

fn children(of: u32) -> Outcome<Vec<u32>> {
    let all = std::fs::read_dir("/proc")?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    Ok(all.filter(|process| parent(*process).is_ok_and(|parent| parent == of)).collect())
}

/// The cores that it was on before.
fn pin(process: u32, cores: &str) -> Outcome<String> {
    let output = Command::new("taskset").args(["-acp", cores, &process.to_string()]).output()?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(format!("process {process} cannot be put on core {cores}: {why}").into());
    }
    let text = String::from_utf8(output.stdout)?;
    let before = text.lines().next().and_then(|line| line.rsplit_once(": ")).map(|(_, cores)| cores.to_owned());
    Ok(before.ok_or("taskset says nothing")?)
}

fn status(process: u32, name: &str) -> Outcome<String> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let value = text.lines().find_map(|line| line.strip_prefix(name)).and_then(|value| value.split_whitespace().next());
    Ok(value.ok_or_else(|| format!("no {name} of process {process}"))?.to_owned())
}

/// A command of the server's binary, on the server's core, with no settings but these.
pub fn samverkan(database: &str, arguments: &[&str]) -> Command {
    let mut command = on_core(Path::new(env!("CARGO_BIN_EXE_samverkan")));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SAMVERKAN_")) {
        command.env_remove(name);
    }
    command.args(arguments).args(["--database-url", database]);
    command
}

fn on_core(program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", SERVER]).arg(program);
    command
}

/// Runs a command to its end; what it says.
pub fn run(mut command: Command) -> Outcome<String> {
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?} failed: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// A process that serves until it is dropped.
pub struct Server {
    process: Child,
    /// Where it answers.
    pub address: SocketAddr,
}

impl Server {
    /// The server, as it is started for the public, but with a budget that lasts.
    pub fn start(database: &str) -> Outcome<Self> {
        let mut command = samverkan(database, &["serve", "--listen", "127.0.0.1:0"]);
        command.env("SAMVERKAN_POINTS_PER_MINUTE", POINTS.to_string());
        Self::listening(command)
    }

    /// The floor.
    pub fn floor(database: &str) -> Outcome<Self> {
        let mut command = on_core(&std::env::current_exe()?);
        command.args(["floor", "--database-url", database]).env("TZ", "Europe/Stockholm");
        Self::listening(command)
    }

    /// The log goes where nobody reads it, but it is written.
    fn listening(mut command: Command) -> Outcome<Self> {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut line = String::new();
        let output = process.stdout.take().ok_or("no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().strip_prefix("Listening on http://").and_then(|address| address.parse().ok());
        match address {
            Some(address) => Ok(Self { process, address }),
            None => {
                let _ = process.kill();
                Err(format!("{command:?} does not listen: {line}; {}", process.wait()?).into())
            }
        }
    }

    /// Resident memory now and at most, in megabytes.
    pub fn memory(&self) -> Outcome<(f64, f64)> {
        let megabytes =
            |name| Ok::<_, Box<dyn std::error::Error>>(status(self.process.id(), name)?.parse::<f64>()? / 1024.0);
        Ok((megabytes("VmRSS:")?, megabytes("VmHWM:")?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
