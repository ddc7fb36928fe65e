//! Projects: with whom and where they are run, and what they were to reach and have reached.

use chrono::Datelike;
use entity::values::{ContactPointKind, Fund, Period, PeriodState, ProjectPhase, SubjectKind, search_key, sort_key};
use entity::{indicator, project, project_municipality, project_partner};
use uuid::Uuid;

use super::draw::{earlier, later};
use super::record::Asked;
use super::{World, names};
use crate::domain::write::derived;
use crate::error::Error;

const PROJECTS: [&str; 4] = ["Kraftsamling för", "Vägar till", "Framtidens", "Tillsammans för"];
/// What was last said of those that have begun.
const PHASES: [ProjectPhase; 3] = [ProjectPhase::Preparation, ProjectPhase::Implementation, ProjectPhase::Closing];
const FUNDS: [Fund; 5] = [Fund::Esf, Fund::EsfPlus, Fund::Erdf, Fund::Jtf, Fund::Regional];
const INDICATORS: [&str; 3] = ["Deltagare", "Anställda som har gått en utbildning", "Företag som har fått stöd"];

impl World<'_> {
    /// A project, with who takes part, where, and what it is to reach.
    pub(super) async fn project(&mut self, number: usize, asked: &Asked) -> Result<(), Error> {
        let row = self.project_row(asked);
        let (id, from, run) = (row.id, row.valid_from, row.valid_from <= self.today);
        self.sink.add(row).await?;
        let series = format!("{:02}-{number:05}-S01", from.year() % 100);
        self.kept_as((SubjectKind::Project, id), 1, "", series).await?;
        if self.draw.percent(20) {
            let email = format!("projekt.{number}@example.org");
            self.contact((SubjectKind::Project, id), ContactPointKind::Email, email).await?;
        }
        for ordinal in 1..=i32::from(self.draw.percent(70)) + i32::from(self.draw.percent(40)) {
            let organisation_id = self.draw.percent(90).then(|| *self.draw.one(&self.organisations));
            let row = project_partner::Model {
                id: derived(id, &format!("partner/{ordinal}")),
                project_id: id,
                ordinal,
                organisation_id,
                description: organisation_id.is_none().then(|| "Lokala föreningar".to_owned()),
            };
            self.sink.add(row).await?;
        }
        let first = self.draw.below(self.municipalities.len());
        for place in first..(first + self.draw.below(3)).min(self.municipalities.len()) {
            let organisation_id = self.municipalities[place];
            let part = derived(id, &format!("municipality/{organisation_id}"));
            self.sink.add(project_municipality::Model { id: part, project_id: id, organisation_id }).await?;
        }
        for (ordinal, name) in (1..).zip(INDICATORS).take(1 + self.draw.below(INDICATORS.len())) {
            let row = self.indicator(id, ordinal, name, run);
            self.sink.add(row).await?;
        }
        Ok(())
    }

    /// One that has begun, with what it has reached so far, or one that is to come.
    fn indicator(&mut self, project_id: Uuid, ordinal: i32, name: &str, run: bool) -> indicator::Model {
        let outcome = run.then(|| self.draw.below(400));
        let women = outcome.filter(|_| ordinal == 1).map(|outcome| self.draw.below(outcome + 1));
        let men = outcome.zip(women).map(|(outcome, women)| outcome - women);
        let number = |number: Option<usize>| number.and_then(|number| i32::try_from(number).ok());
        indicator::Model {
            id: derived(project_id, &format!("indicator/{ordinal}")),
            project_id,
            ordinal,
            name: name.to_owned(),
            target: number(Some(50 * (1 + self.draw.below(8)))),
            outcome: number(outcome),
            women: number(women),
            men: number(men),
        }
    }

    fn project_row(&mut self, asked: &Asked) -> project::Model {
        let name = self.name(&PROJECTS);
        let theme = names::theme(&mut self.draw);
        let valid_from = later(earlier(self.today, 2_500), self.draw.below(2_600) as u64);
        let valid_until = later(valid_from, 365 + self.draw.below(800) as u64);
        let phase = match Period::stored(valid_from, valid_until, 0).state(self.today) {
            PeriodState::Future => ProjectPhase::Application,
            PeriodState::Current | PeriodState::Past => *self.draw.one(&PHASES),
        };
        let granted = 500_000 + i32::try_from(self.draw.below(20_000) * 1_000).unwrap_or_default();
        let fund = self.draw.percent(70).then(|| *self.draw.one(&FUNDS));
        project::Model {
            id: self.draw.id(),
            summary: Some(format!("Projektet provar nya sätt att arbeta med {theme}.")),
            objective: Some(format!("Att fler får del av det som görs för {theme}.")),
            owner_id: *self.draw.one(&self.organisations),
            contact_id: self.draw.percent(60).then(|| self.somebody()),
            assignment_id: self.draw.percent(25).then(|| *self.draw.one(&asked.all)),
            phase: Some(phase),
            fund,
            programme: fund.map(|_| "2021SE05SFPR".to_owned()),
            programme_area: None,
            specific_objective: None,
            intervention_type: None,
            nuts: self.draw.percent(50).then(|| "SE32".to_owned()),
            granted: Some(granted),
            total_budget: Some(granted * 2),
            cofinancing_rate: Some(5_000),
            subject_area: Some(theme.to_owned()),
            subject_area_key: Some(search_key(theme)),
            audience: self.seen_by(),
            sort_key: sort_key(&[&name]),
            search_key: search_key(&name),
            name,
            valid_from,
            valid_until,
            valid_precision: 0,
            version: 1,
        }
    }
}
