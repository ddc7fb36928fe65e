//! What arguments are given: each value alone, so that no other narrows down what it has to find.

use std::collections::BTreeMap;

use entity::values::{GlobalId, SubjectKind};
use uuid::Uuid;

use super::schema::{Input, Schema};

/// Which part of a list is asked for; that has its own questions.
const PAGE: [&str; 5] = ["first", "after", "last", "before", "asOf"];

/// Values for arguments.
pub struct Values<'a> {
    pub schema: &'a Schema,
    /// Some rows of each table.
    pub rows: &'a BTreeMap<SubjectKind, Vec<Uuid>>,
    /// Under what some are kept.
    pub references: &'a [String],
}

impl Values<'_> {
    /// The arguments of a field, in every way in which at most one that may be left out is given.
    pub fn arguments(&self, field: &str, arguments: &[Input]) -> Vec<String> {
        let arguments: Vec<&Input> = arguments.iter().filter(|input| !PAGE.contains(&input.name.as_str())).collect();
        self.combined(field, &arguments)
    }

    /// All that are required in all their ways, and each other one alone beside them.
    fn combined(&self, of: &str, inputs: &[&Input]) -> Vec<String> {
        let named = |input: &Input| {
            let values = self.of(&format!("{of}.{}", input.name), input);
            values.into_iter().map(|value| format!("{}: {value}", input.name)).collect::<Vec<_>>()
        };
        let mut required = vec![Vec::new()];
        for input in inputs.iter().filter(|input| input.required) {
            let with =
                |all: &Vec<String>| named(input).into_iter().map(|one| [all.clone(), vec![one]].concat()).collect();
            required = required.iter().flat_map(|all| -> Vec<Vec<String>> { with(all) }).collect();
        }
        let one_more = inputs.iter().filter(|input| !input.required).flat_map(|input| named(input));
        let base = required[0].clone();
        let more: Vec<Vec<String>> = one_more.map(|one| [base.clone(), vec![one]].concat()).collect();
        required.into_iter().chain(more).map(|all| all.join(", ")).collect()
    }

    fn of(&self, place: &str, input: &Input) -> Vec<String> {
        let kind = self.schema.kind(&input.kind);
        let values = match (kind.kind.as_str(), input.kind.as_str()) {
            ("ENUM", _) => kind.words.clone(),
            (_, "DateRange") => vec![r#"{from: "2026-11-21", until: "2027-02-21"}"#.to_owned()],
            ("INPUT_OBJECT", name) => {
                let mut objects = self.combined(name, &kind.inputs.iter().collect::<Vec<_>>());
                // What may be left out altogether says nothing then.
                objects.retain(|object| !object.is_empty());
                objects.into_iter().map(|object| format!("{{{object}}}")).collect()
            }
            (_, "Boolean") => vec!["true".to_owned(), "false".to_owned()],
            (_, "Int") if input.name == "minutes" => vec!["120".to_owned()],
            (_, "Int") => vec!["2025".to_owned()],
            (_, "Date") if input.name == "until" => vec![r#""2027-12-31""#.to_owned()],
            (_, "Date") => vec![r#""2026-12-31""#.to_owned()],
            (_, "DateTime") => vec![r#""2026-11-21T00:00:00Z""#.to_owned()],
            (_, "ID") => self.ids(place).into_iter().map(|id| format!("\"{id}\"")).collect(),
            (_, "String") if input.name == "reference" => {
                self.references.iter().map(|text| format!("\"{text}\"")).collect()
            }
            (_, "String") => texts(place).iter().map(|text| format!("\"{text}\"")).collect(),
            _ => Vec::new(),
        };
        assert!(!values.is_empty(), "say in tests/access_path/values.rs what {place} is to be given");
        if input.list { values.into_iter().map(|value| format!("[{value}]")).collect() } else { values }
    }

    fn ids(&self, place: &str) -> Vec<GlobalId> {
        let kind = match place.rsplit_once('.').expect("a field and an argument") {
            ("AgreementFilter", "parent") | ("AgreementBy", "id") => SubjectKind::Agreement,
            ("ProjectBy", "id") => SubjectKind::Project,
            ("DocumentBy", "id") => SubjectKind::Document,
            (_, "assignment") => SubjectKind::Assignment,
            ("GroupFilter", "parent") | (_, "group" | "groups") => SubjectKind::Group,
            ("OrganisationFilter", "parent")
            | (_, "organisation" | "appointer" | "convener" | "onBehalfOf" | "owner" | "party" | "partner") => {
                SubjectKind::Organisation
            }
            // The first that is generated is one.
            (_, "municipality") => SubjectKind::Organisation,
            (_, "person") | ("Meeting.expected" | "Meetings.expected", "of") => SubjectKind::Person,
            (_, "schedule") => SubjectKind::Schedule,
            (_, "identity") => SubjectKind::Identity,
            ("ChangeFilter", "of") | ("GroupBy", "id") => SubjectKind::Group,
            ("OrganisationBy", "id") => SubjectKind::Organisation,
            ("Query.person", "id") => SubjectKind::Person,
            ("Query.node", "id") | ("Query.nodes", "ids") => SubjectKind::Membership,
            _ => return Vec::new(),
        };
        self.rows[&kind]
            .iter()
            .step_by(3)
            .take(2)
            .map(|id| GlobalId { kind: Some(kind), id: *id, lens: None })
            .collect()
    }
}

/// Texts that find much, and that find little.
fn texts(place: &str) -> &'static [&'static str] {
    match place.rsplit_once('.').expect("a field and an argument") {
        (_, "text") => &["berg", "lindström", "ko", "rådet för skola"],
        (_, "familyNameStartsWith") => &["Andersson", "Lin", "B", "Öd"],
        (_, "verbs") => &["createGroup", "createOrganisation", "addMember"],
        (_, "command") => &["generate", "load"],
        (_, "issuer") => &["https://login.example.org/a", "https://login.example.org/none"],
        ("DocumentBy", "slug") => &["genererad"],
        (_, "slug") => &["none"],
        (_, "subjectArea") => &["Skola", "ingenting"],
        (_, "recurrence") => &["FREQ=MONTHLY;BYDAY=2TU;COUNT=6"],
        (_, "organisationNumber") => &["212000-0142"],
        (_, "municipalityCode") => &["2305"],
        _ => &[],
    }
}
