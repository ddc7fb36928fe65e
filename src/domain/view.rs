use chrono::NaiveDate;
use entity::values::{Date, Instant, PeriodState};

use crate::app::App;
use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns, Select};
use crate::domain::selection::Selection;
use crate::error::Error;
use crate::policy::Actor;

/// The day as of which the directory is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lens {
    on: NaiveDate,
    chosen: bool,
}

impl Lens {
    /// Today, unless the asker chose a day.
    pub fn new(chosen: Option<Date>, today: NaiveDate) -> Self {
        Self { on: chosen.map_or(today, |date| date.0), chosen: chosen.is_some() }
    }

    /// The day.
    pub fn on(self) -> NaiveDate {
        self.on
    }

    /// The day, when the asker chose it: it then travels with every id.
    pub fn chosen(self) -> Option<NaiveDate> {
        self.chosen.then_some(self.on)
    }
}

/// The directory as one actor sees it on one day. Every finder takes one, so that nothing is found outside it.
#[derive(Clone)]
pub struct View {
    /// Database and clock.
    pub app: App,
    /// Who is looking.
    pub actor: Actor,
    /// On which day.
    pub lens: Lens,
    /// What they want to see of what is looked for next.
    pub selection: Selection,
}

impl View {
    /// What the actor sees today.
    pub fn today(app: App, actor: Actor) -> Self {
        let lens = Lens::new(None, app.today());
        Self { app, actor, lens, selection: Selection::default() }
    }

    /// The same on another day.
    #[must_use]
    pub fn as_of(&self, chosen: Option<Date>) -> Self {
        Self { lens: Lens::new(chosen, self.app.today()), ..self.clone() }
    }

    /// The same for a look at these fields only.
    #[must_use]
    pub fn selecting(&self, selection: Selection) -> Self {
        Self { selection, ..self.clone() }
    }

    /// The day.
    pub fn on(&self) -> NaiveDate {
        self.lens.on
    }

    /// The instant from which "next" counts: now, or the beginning of the chosen day.
    pub fn from_instant(&self) -> Instant {
        if self.lens.chosen { Instant::start_of(self.lens.on) } else { self.app.now() }
    }

    /// The condition that the row `of` holds on the day.
    pub fn current(&self, of: &str) -> Sql {
        state(of, PeriodState::Current, self.on())
    }

    /// The condition that the row `of` is in one of the states on the day.
    pub fn in_states(&self, of: &str, states: &[PeriodState]) -> Sql {
        let any = states.iter().map(|wanted| state(of, *wanted, self.on()));
        let joined = any.reduce(|a, b| a.then("OR").then(b)).unwrap_or_else(|| Sql::text("1 = 0"));
        Sql::text("(").then(joined).then(")")
    }

    /// The rows that a statement selects; `rest` is what follows its columns.
    pub async fn select<R: Columns>(&self, columns: &Select, rest: Sql) -> Result<Vec<R>, Error> {
        let rows = self.app.db.query(Sql::from("SELECT").then(columns.sql()).then(rest)).await?;
        rows.iter().map(|row| R::read(&mut Cells::of(row, columns.present())).map_err(Error::from)).collect()
    }

    /// The rows of a query.
    pub async fn rows<R: Columns>(&self, query: Sql) -> Result<Vec<R>, Error> {
        let rows = self.app.db.query(query).await?;
        rows.iter().map(|row| R::read(&mut Cells::new(row)).map_err(Error::from)).collect()
    }
}

fn state(of: &str, state: PeriodState, on: NaiveDate) -> Sql {
    match state {
        PeriodState::Future => sql!(format!("{of}.valid_from > ?"), on),
        PeriodState::Current => sql!(format!("{of}.valid_from <= ? AND {of}.valid_until > ?"), on, on),
        PeriodState::Past => sql!(format!("{of}.valid_until <= ?"), on),
    }
}
