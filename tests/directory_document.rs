//! Directory documents: what a good one says, and everything that is wrong with a bad one.

mod rules;
mod wrong;

use std::fs;
use std::path::Path;

use entity::values::{Audience, Date, Measure, OrganisationKind, Period, Precision, SeatFill, SeatRole, TimePrecision};
use samverkan::interchange::directory::{self, Directory, RelationTo, Seat};

fn read_all(files: &[(&str, &str)]) -> Result<Directory, Vec<String>> {
    let files: Vec<_> = files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
    let (directory, problems) = directory::read(&files);
    if problems.is_empty() { Ok(directory) } else { Err(problems.iter().map(ToString::to_string).collect()) }
}

fn good(text: &str) -> Directory {
    read_all(&[("a.toml", text)]).unwrap_or_else(|problems| panic!("read with problems:\n{}", problems.join("\n")))
}

fn problems(text: &str) -> Vec<String> {
    read_all(&[("a.toml", text)]).expect_err("read without problems")
}

/// The files of the real data set, by name.
fn data() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let files = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let mut paths = [files(&folder), files(&folder.join("demo"))].concat();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let read = |path: &Path| (path.file_name().unwrap().display().to_string(), fs::read_to_string(path).unwrap());
    paths.iter().map(|path| read(path)).collect()
}

fn keys<'a>(seats: impl IntoIterator<Item = &'a Seat>) -> Vec<&'a str> {
    seats.into_iter().map(|seat| seat.key.as_str()).collect()
}

#[test]
fn the_real_data_reads_without_problems() {
    let files = data();
    assert!(files.len() >= 4, "data/ has {} files", files.len());
    let (directory, problems) = directory::read(&files);
    assert!(problems.is_empty(), "{}", problems.iter().map(|problem| format!("{problem}\n")).collect::<String>());
    let of_the_group = |seat: &&Seat| seat.group.key == "kommunchefgruppen" && seat.role == SeatRole::Member;
    assert_eq!(directory.seats.iter().filter(of_the_group).count(), 8);
}

#[test]
fn each_file_of_the_data_reads_by_itself() {
    for file in data() {
        assert_eq!(directory::read(std::slice::from_ref(&file)).1, [], "{}", file.0);
    }
}

#[test]
fn an_organisation_with_everything() {
    let directory = good(
        r#"
        [[organisation]]
        key = "region"
        slug = "region-jamtland-harjedalen"
        kind = "REGION"
        names = [{ name = "Regionförbundet", lastDay = "2014" }, { name = "Regionen", shortName = "R", from = "2015-01-01" }]
        organisationNumber = "212000-2502"
        municipalityCode = "2326"
        successor = "annan"
        from = "2015-01"
        contactPoints = [{ kind = "PHONE", value = "063-14 66 19 vx", label = "Växel", audience = "SIGNED_IN" }]
        figures = [{ measure = "MEETINGS_HELD", value = 6, from = "2019", lastDay = "2019" }]
        sources = [{ document = "avtalet", quote = "Q", note = "N", unclear = true }]
        "#,
    );
    let organisation = &directory.organisations[0];
    assert_eq!((organisation.key.as_str(), organisation.slug.as_str()), ("region", "region-jamtland-harjedalen"));
    assert_eq!((organisation.place.to_string().as_str(), organisation.kind), ("a.toml:2", OrganisationKind::Region));
    let names: Vec<_> = organisation.names.iter().map(|name| (name.name.as_str(), name.period.from())).collect();
    assert_eq!(names, [("Regionförbundet", None), ("Regionen", Date::parse("2015-01-01").ok())]);
    let phone = &organisation.contact_points[0];
    assert_eq!((phone.value.value.as_str(), phone.value.note.as_deref()), ("+4663146619", Some("vx")));
    assert_eq!((phone.audience, phone.period), (Audience::SignedIn, Period::ALWAYS));
    let figure = &organisation.figures[0];
    assert_eq!((figure.key.as_str(), figure.value), ("region/meetings-held/2019", 6));
    assert_eq!(figure.measure, Measure::MeetingsHeld);
    assert!(organisation.sources[0].unclear);
    let successor = organisation.successor.as_ref().unwrap();
    assert_eq!(successor.problem("unknown").to_string(), "a.toml:9: organisation.successor: unknown");
}

#[test]
fn an_unchanged_name_is_of_all_time() {
    let directory = good("[[organisation]]\nkey = \"a\"\nkind = \"OTHER\"\nname = \"A\"\nfrom = \"2015\"");
    assert_eq!(directory.organisations[0].names.len(), 1);
    assert_eq!(directory.organisations[0].names[0].period, Period::ALWAYS);
    assert_eq!(directory.organisations[0].slug.as_str(), "a");
}

#[test]
fn positions_are_spread_over_organisations() {
    let directory = good(
        r#"
        [[position]]
        title = "Kommunchef"
        organisations = ["berg", "are"]
        [[position]]
        key = "socialchef"
        title = "socialchef/motsvarande"
        organisations = ["berg"]
        [[position]]
        title = "Förste rådgivare/ö"
        organisation = "vkk"
        [[position]]
        key = "vkk/chef"
        title = "områdeschef"
        organisation = "vkk"
        "#,
    );
    let keys: Vec<_> = directory.positions.iter().map(|position| position.key.as_str()).collect();
    assert_eq!(keys, ["berg/kommunchef", "are/kommunchef", "berg/socialchef", "vkk/forste-radgivare-o", "vkk/chef"]);
    assert_eq!(directory.positions[1].organisation.key, "are");
    assert_eq!(directory.positions[1].organisation.place.line, 4);
}

#[test]
fn seats_are_spread_over_organisations() {
    let directory = good(
        r#"
        [[group]]
        key = "radet"
        name = "Rådet"
        kind = "COUNCIL"
          [[group.seats]]
          key = "ordforande"
          role = "CHAIR"
          [[group.seats]]
          key = "chef"
          role = "MEMBER"
          organisations = ["berg", "are"]
          fill = "EX_OFFICIO"
          position = "kommunchef"
          [[group.seats]]
          key = "kontakt"
          role = "CONTACT"
          organisation = "region"
          appointer = "berg"
          capacity = "unbounded"
        "#,
    );
    let seats = &directory.seats;
    assert_eq!(keys(seats), ["radet/ordforande", "radet/chef/berg", "radet/chef/are", "radet/kontakt"]);
    assert_eq!(seats.iter().map(|seat| seat.ordinal).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(seats.iter().map(|seat| seat.voting).collect::<Vec<_>>(), [true, true, true, false]);
    assert_eq!(seats.iter().map(|seat| seat.capacity).collect::<Vec<_>>(), [Some(1), Some(1), Some(1), None]);
    let position = seats[2].position.as_ref().unwrap();
    assert_eq!(
        (position.key.as_str(), position.place.line, position.field.as_str()),
        ("are/kommunchef", 14, "group.seats.position")
    );
    assert_eq!((seats[0].fill, seats[2].fill), (SeatFill::Appointed, SeatFill::ExOfficio));
    let appointer = |seat: &Seat| seat.appointer.as_ref().map(|appointer| appointer.key.clone());
    assert_eq!(
        seats.iter().map(appointer).collect::<Vec<_>>(),
        [None, Some("berg".into()), Some("are".into()), Some("berg".into())]
    );
    assert!(seats.iter().all(|seat| seat.group.key == "radet"));
}

#[test]
fn relations_say_to_what() {
    let directory = good(
        r#"
        [[group]]
        key = "styrgruppen"
        name = "Styrgruppen"
        kind = "STEERING_GROUP"
        relations = [{ kind = "SERVES", organisation = "kontoret" }, { kind = "SUCCEEDS", group = "gamla", from = "2019" }]
        "#,
    );
    let relations = &directory.groups[0].relations;
    assert!(matches!(&relations[0].to, RelationTo::Organisation(reference) if reference.key == "kontoret"));
    assert!(matches!(&relations[1].to, RelationTo::Group(reference) if reference.key == "gamla"));
}

#[test]
fn keys_that_follow_from_others() {
    let directory = good(
        r#"
        [[tenure]]
        position = "berg/kommunchef"
        person = "eva"
        [[tenure]]
        key = "eva-igen"
        position = "berg/kommunchef"
        person = "eva"
        [[membership]]
        seat = "radet/ledamot/berg"
        person = "eva"
        decision = { body = "KS", date = "2019-01-08", reference = "§ 4" }
        substitutions = [{ person = "a" }, { person = "b" }, { person = "c", order = 1, voting = false }]
        "#,
    );
    let tenures: Vec<_> = directory.tenures.iter().map(|tenure| tenure.key.as_str()).collect();
    assert_eq!(tenures, ["berg/kommunchef/eva", "eva-igen"]);
    let membership = &directory.memberships[0];
    assert_eq!(membership.key, "radet/ledamot/berg/eva");
    assert_eq!(membership.decision.as_ref().unwrap().date, Date::parse("2019-01-08").ok());
    assert_eq!(membership.substitutions.iter().map(|one| one.order).collect::<Vec<_>>(), [1, 2, 1]);
    assert_eq!(membership.substitutions.iter().map(|one| one.voting).collect::<Vec<_>>(), [None, None, Some(false)]);
}

#[test]
fn bounds_keep_the_precision_in_which_they_are_written() {
    let period =
        |bounds: &str| good(&format!("[[tenure]]\nposition = \"p\"\nperson = \"e\"\n{bounds}")).tenures[0].period;
    let written = period("from = \"2019-06\"\nlastDay = \"2020\"");
    assert_eq!((written.from(), written.until()), (Date::parse("2019-06-01").ok(), Date::parse("2021-01-01").ok()));
    assert_eq!((written.from_precision(), written.until_precision()), (Precision::Month, Precision::Year));
    assert_eq!(period("until = \"2020-01-02\""), period("lastDay = \"2020-01-01\""));
    assert_eq!(period(""), Period::ALWAYS);
}

#[test]
fn sittings_begin_and_end() {
    let directory = good(
        r#"
        [[meeting]]
        key = "m"
        movedFrom = "2020-02-07T09:00"
        sittings = [
          { starts = "2020-02-14T09:00", ends = "2020-02-14T12:30", groups = ["a", "b"], digitalOffered = true },
          { starts = "2019-03-31", groups = ["a"] },
          { starts = "2019-12", groups = ["a"] },
        ]
        attendance = [{ person = "eva", mode = "REMOTE" }]
        "#,
    );
    let times: Vec<_> = directory.meetings[0].sittings.iter().map(|sitting| sitting.time).collect();
    let span = |n: usize| (times[n].starts_at.utc().to_rfc3339(), times[n].ends_at.utc().to_rfc3339());
    assert_eq!(span(0), ("2020-02-14T08:00:00+00:00".into(), "2020-02-14T11:30:00+00:00".into()));
    // The day on which summer time begins has 23 hours.
    assert_eq!(span(1), ("2019-03-30T23:00:00+00:00".into(), "2019-03-31T22:00:00+00:00".into()));
    assert_eq!(span(2), ("2019-11-30T23:00:00+00:00".into(), "2019-12-31T23:00:00+00:00".into()));
    let precision: Vec<_> = times.iter().map(|time| time.precision).collect();
    assert_eq!(precision, [TimePrecision::Time, TimePrecision::Day, TimePrecision::Month]);
    assert_eq!(directory.meetings[0].sittings[0].groups.len(), 2);
}

#[test]
fn schedules_by_rule_by_number_or_neither() {
    let directory = good(
        r#"
        [[schedule]]
        key = "a"
        groups = ["g"]
        recurrence = "FREQ=MONTHLY;BYDAY=2TU"
        except = ["2020-07-14"]
        startTime = "09:00"
        minutes = 180
        [[schedule]]
        key = "b"
        groups = ["g", "h"]
        perYear = 4
        [[schedule]]
        key = "c"
        groups = ["g"]
        "#,
    );
    let [by_rule, by_number, by_neither] = &directory.schedules[..] else { panic!("three schedules") };
    assert_eq!(by_rule.recurrence.as_ref().map(ToString::to_string).as_deref(), Some("FREQ=MONTHLY;BYDAY=2TU"));
    assert_eq!(by_rule.start_time.map(|time| time.to_string()).as_deref(), Some("09:00"));
    assert_eq!(by_rule.except, [Date::parse("2020-07-14").unwrap()]);
    assert_eq!((by_number.per_year, by_number.groups.len()), (Some(4), 2));
    assert_eq!((by_neither.per_year, &by_neither.recurrence), (None, &None));
}
