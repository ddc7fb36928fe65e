//! Everything that is wrong is said at once, and no text at all makes the reader panic.

use proptest::prelude::*;
use samverkan::interchange::directory;

use super::{data, problems, read_all};

const WRONG: &str = r#"[[organisation]]
key = "Bräcke"
kind = "KOMMUN"
nmae = "Bräcke kommun"
organisationNumber = "212000-2461"
municipalityCode = 2305
contactPoints = [
  { kind = "EMAIL", value = "inte en adress" },
  { kind = "PHONE", value = "12" },
]

[[group]]
key = "radet"
name = "Rådet"
kind = "COUNCIL"
from = "2020-13"
until = "2021"
lastDay = "2021"
figures = [{ measure = "MEETINGS_HELD", value = 1.5 }]

  [[group.seats]]
  key = "chef"
  role = "BOSS"
  organisation = "berg"
  organisations = ["berg", "are"]
  fill = "EX_OFFICIO"
  capacity = 0

[[groupe]]
[[thing]]
"#;

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let expected = [
        "a.toml:1: organisation.name: is missing",
        "a.toml:2: organisation.key: \"Bräcke\" is not a key: a key has letters a–z, digits and hyphens, in parts separated by /",
        "a.toml:3: organisation.kind: \"KOMMUN\" is not one of MUNICIPALITY, REGION, STATE_AGENCY, UNIVERSITY, UNION, \
         ASSOCIATION, EDUCATION_PROVIDER, COORDINATION_BODY, MUNICIPAL_ASSOCIATION, COMPANY, INTERNATIONAL_BODY, UNIT, OTHER",
        "a.toml:4: organisation.nmae: unknown field; did you mean `name`?",
        "a.toml:5: organisation.organisationNumber: an organisation number has ten digits, NNNNNN-NNNN, and a valid check digit",
        "a.toml:6: organisation.municipalityCode: must be a text in quotes, not a number",
        "a.toml:8: organisation.contactPoints.value: this is not an e-mail address",
        "a.toml:9: organisation.contactPoints.value: this is not a phone number that can be dialled",
        "a.toml:16: group.from: \"2020-13\" is not a date, a month or a year (2019-06-01, 2019-06, 2019)",
        "a.toml:18: group.lastDay: says the same as `until`: leave one of them out",
        "a.toml:19: group.figures.value: must be a whole number, not a number with decimals",
        "a.toml:21: group.seats.position: is missing: a seat that is filled EX_OFFICIO names the position",
        "a.toml:23: group.seats.role: \"BOSS\" is not one of CHAIR, VICE_CHAIR, MEMBER, SUBSTITUTE, ADJUNCT, SECRETARY, \
         CONVENER, OBSERVER, CONTACT",
        "a.toml:25: group.seats.organisations: says the same as `organisation`: leave one of them out",
        "a.toml:27: group.seats.capacity: must be at least 1",
        "a.toml:29: groupe: unknown noun; did you mean `group`?",
        "a.toml:30: thing: unknown noun; known are document, organisation, person, position, tenure, group, membership, \
         schedule, meeting, agreement, project, event, priority, followUpItem, activity, result",
    ];
    assert_eq!(problems(WRONG), expected);
}

#[test]
fn a_syntax_error_hides_nothing_outside_its_record() {
    let text = r#"[[person]]
key = "a"
givenName = "Eva
familyName = "Ek"
sources = [[1][2][3]]
[[person]]
key = "b"
givenName = 1
familyName = "Ek"
[[person
key = "c"
[[tenure]]
position = "p"
"#;
    assert_eq!(
        problems(text),
        [
            "a.toml:3: this is not TOML: invalid basic string, expected `\"`",
            "a.toml:5: this is not TOML: missing comma between array elements, expected `,`",
            "a.toml:8: person.givenName: must be a text in quotes, not a number",
            "a.toml:10: this is not TOML: unclosed array table, expected `]]`",
            "a.toml:12: tenure.person: is missing",
        ]
    );
}

#[test]
fn an_open_bracket_is_one_slip() {
    let text = r#"[[group]]
key = "a"
kind = "COUNSEL"
figures = [
  { measure = "MEETINGS_HELD", value = 6
sources = [{ document = "d" }]
purpose = "x"
[[person]]
key = "b"
"#;
    assert_eq!(
        problems(text),
        [
            "a.toml:3: group.kind: \"COUNSEL\" is not one of NETWORK, COUNCIL, POLITICAL_ARENA, MANAGEMENT_GROUP, \
             STEERING_GROUP, WORKING_GROUP, REFERENCE_GROUP, CONSULTATION_GROUP, COLLEGE, ASSOCIATION, FORUM, OTHER",
            "a.toml:6: this is not TOML: missing comma between key-value pairs, expected `,`; or a bracket before this \
             is not closed",
            "a.toml:8: person.givenName: is missing",
            "a.toml:8: person.familyName: is missing",
        ]
    );
}

#[test]
fn a_key_is_taken_once_over_all_files() {
    let person = "[[person]]\nkey = \"eva\"\ngivenName = \"Eva\"\nfamilyName = \"Ek\"\n";
    let group = "[[group]]\nkey = \"KEY\"\nslug = \"radet\"\nname = \"R\"\nkind = \"COUNCIL\"\n";
    let tenure = "[[tenure]]\nposition = \"p\"\nperson = \"eva\"\n";
    let one = [person, &group.replace("KEY", "a"), tenure].concat();
    let other = ["# comment\n", person, &group.replace("KEY", "b"), tenure].concat();
    assert_eq!(
        read_all(&[("z.toml", &one), ("a.toml", &other)]).unwrap_err(),
        [
            "a.toml:3: person.key: the key \"eva\" is already taken at z.toml:2",
            "a.toml:8: group.slug: the slug \"radet\" is already taken at z.toml:7",
            "a.toml:11: tenure.key: the key \"p/eva\" is already taken at z.toml:10: give this one a `key` of its own",
        ]
    );
}

#[test]
fn sittings_that_can_not_be() {
    let sitting = |fields: &str| problems(&format!("[[meeting]]\nkey = \"m\"\nsittings = [{{ {fields} }}]"));
    assert_eq!(
        sitting(r#"starts = "2020-03-29T02:30", ends = "2020-03-29T04:00", groups = ["g"]"#),
        [
            "a.toml:3: meeting.sittings.starts: \"2020-03-29T02:30\" is skipped by the clocks, which change to summer time that night"
        ]
    );
    assert_eq!(
        sitting(r#"starts = "2020-03-29T09:00", groups = ["g"]"#),
        ["a.toml:3: meeting.sittings.ends: is missing: a sitting that starts at a time says when it ends"]
    );
    assert_eq!(
        sitting(r#"starts = "2020-03-29T09:00", ends = "2020-03-29T08:00", groups = ["g"]"#),
        ["a.toml:3: meeting.sittings.ends: ends before it starts"]
    );
    assert_eq!(
        sitting(r#"starts = "2020-03", ends = "2020-03-29T08:00", groups = []"#),
        [
            "a.toml:3: meeting.sittings.ends: only a sitting that starts at a time has an end",
            "a.toml:3: meeting.sittings.groups: is an empty list",
        ]
    );
}

#[test]
fn what_can_not_be_stored_is_refused() {
    let person = |name: &str| format!("[[person]]\nkey = \"a\"\ngivenName = {name}\nfamilyName = \"Ek\"");
    assert_eq!(problems(&person(r#""Eva\u0000""#)), ["a.toml:3: person.givenName: has a control character in it"]);
    assert_eq!(problems(&person(r#""  ""#)), ["a.toml:3: person.givenName: is empty"]);
    assert_eq!(
        problems(&person("2019-01-01")),
        ["a.toml:3: person.givenName: must be a text in quotes, not a date without quotes"]
    );
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    assert!(!problems(&format!("a = {}", "[".repeat(100_000))).is_empty());
    assert!(!problems(&format!("a = {}", "{ b = ".repeat(100_000))).is_empty());
    assert!(!problems(&format!("[[{}]]", "a.".repeat(100_000))).is_empty());
}

/// A stretch of a data file with some of it cut out, doubled, or replaced.
fn mutated() -> impl Strategy<Value = String> {
    let scraps =
        prop::sample::select(vec!["", "\"", "'", "[", "]]", "{", "}", ",", "=", "\n", "\0", "ö", "9", "[[group]]\n"]);
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0..30_usize, scraps), 1..8);
    (prop::sample::select(data()), any::<prop::sample::Index>(), edits).prop_map(|((_, text), start, edits)| {
        let signs: Vec<char> = text.chars().collect();
        let start = start.index(signs.len());
        let mut signs = signs[start..signs.len().min(start + 4000)].to_vec();
        for (at, length, scrap) in edits {
            let at = at.index(signs.len() + 1);
            signs.splice(at..(at + length).min(signs.len()), scrap.chars());
        }
        signs.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,400}") {
        let _ = read_all(&[("a.toml", &text)]);
    }

    #[test]
    fn mutated_data_is_read_or_refused(text in mutated()) {
        let lines = text.lines().count() as u32 + 1;
        let file = ("a.toml".to_owned(), text);
        for problem in directory::read(&[file]).1 {
            prop_assert!((1..=lines).contains(&problem.line), "{problem}");
        }
    }
}
