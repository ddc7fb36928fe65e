use entity::values::{cci, nuts, share};

use super::agreements::references;
use super::fields::Fields;
use super::nested::{audience, contact_points, figures, sources};
use super::{Indicator, Partner, Project, Reference};

pub fn project(f: &mut Fields) -> Option<Project> {
    let key = f.whole_key();
    Some(Project {
        place: f.place(),
        name: f.required("name", Fields::text).unwrap_or_default(),
        summary: f.text("summary"),
        objective: f.text("objective"),
        owner: f.required("owner", Fields::reference).unwrap_or_default(),
        contact: f.reference("contact"),
        assignment: f.reference("assignment"),
        phase: f.term("phase"),
        fund: f.term("fund"),
        programme: f.parsed("programme", cci),
        programme_area: f.text("programmeArea"),
        specific_objective: f.text("specificObjective"),
        intervention_type: f.text("interventionType"),
        nuts: f.parsed("nuts", nuts),
        granted: f.amount("granted"),
        total_budget: f.amount("totalBudget"),
        cofinancing_rate: rate(f),
        subject_area: f.text("subjectArea"),
        audience: audience(f),
        period: f.period(),
        references: references(f),
        partners: f.list("partners", partners),
        municipalities: f.references("municipalities").unwrap_or_default(),
        indicators: f.list("indicators", indicator),
        contact_points: contact_points(f),
        figures: figures(f, &key),
        sources: sources(f),
        key,
    })
}

fn rate(f: &mut Fields) -> Option<i32> {
    let percent = f.decimal("cofinancingRate")?;
    share(percent).map_err(|wrong| f.report_at("cofinancingRate", wrong.to_string())).ok()
}

/// One partner, or one for each of `organisations`.
fn partners(f: &mut Fields) -> Vec<Partner> {
    let organisations = f.organisations();
    let description = f.text("description");
    if organisations.is_empty() {
        if !f.has("description") && !f.has("organisation") && !f.has("organisations") {
            f.missing("organisation", ": give it, or `organisations`, or what the source calls them as `description`");
        }
        return vec![Partner { organisation: None, description }];
    }
    let of = |organisation: Reference| Partner { organisation: Some(organisation), description: description.clone() };
    organisations.into_iter().map(of).collect()
}

fn indicator(f: &mut Fields) -> Option<Indicator> {
    Some(Indicator {
        name: f.required("name", Fields::text).unwrap_or_default(),
        target: f.amount("target"),
        outcome: f.amount("outcome"),
        women: f.amount("women"),
        men: f.amount("men"),
    })
}
