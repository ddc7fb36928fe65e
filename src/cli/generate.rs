//! `samverkan generate`.

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use samverkan::domain::generate::Size;

/// What `generate` takes.
#[derive(Args)]
pub struct GenerateFlags {
    /// How large the directory is
    #[arg(long, value_enum, ignore_case = true)]
    size: Named,
    /// The same size, seed and day give the same directory
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Named {
    /// A county: 60 organisations, 2,000 people, 150 groups, 6,000 memberships, 2,000 meetings
    #[value(name = "S")]
    S,
    /// A nation: 3,000 organisations, 200,000 people, 20,000 groups, 800,000 memberships, 400,000 meetings
    #[value(name = "L")]
    L,
}

impl GenerateFlags {
    /// The size.
    pub fn size(&self) -> Size {
        match self.size {
            Named::S => Size::S,
            Named::L => Size::L,
        }
    }
}

/// A progress bar on standard error, which shows only on a terminal.
pub fn bar(total: usize) -> ProgressBar {
    let bar = ProgressBar::new(total as u64);
    match ProgressStyle::with_template("{wide_bar} {pos} of {len} rows, {elapsed}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

pub const EXAMPLES: &str = "\
Everything in it is fictional. What the database's rules forbid is looked for afterwards; nothing is kept if anything is found.

Examples:
  samverkan migrate && samverkan generate --size S
  samverkan generate --size L --seed 7 --database-url postgres://samverkan@localhost/samverkan";
