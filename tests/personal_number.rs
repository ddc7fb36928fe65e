//! Personal identity numbers are found however people write them, taken for nothing else, and refused in every free text.

mod refused;

use std::time::Instant;

use chrono::{Datelike, NaiveDate};
use entity::values::{OrganisationNumber, holds_personal_number};
use proptest::prelude::*;
use samverkan::demo;

/// Of Skatteverket's examples and Wikipedia's, and made-up ones: in the ways people write them.
const WRITTEN: &[&str] = &[
    "900101-0017",
    "9001010017",
    "19900101-0017",
    "199001010017",
    "900101+0017",
    "18900101+0017",
    "900101 0017",
    "19900101 0017",
    "900101\u{a0}0017",
    "900101\u{202f}0017",
    "900101–0017",
    "19900101—0017",
    "900101\u{2011}0017",
    "900101\u{ad}0017",
    "811228-9874",
    "670919-9530",
    "19121212-1212",
    // Coordination numbers: the day and 60.
    "701063-2391",
    "197010632391",
    // 29 February, of a year that is a leap year in one of the centuries.
    "000229-0013",
    "20000229-0013",
];

/// Each holds what is nearly one.
const SOMETHING_ELSE: &[&str] = &[
    "",
    // Another check digit, the serial 000, months and days that are none.
    "900101-0018",
    "900101-0009",
    "901301-0013",
    "900100-0018",
    "900132-0010",
    "900160-0015",
    "900192-0017",
    // 29 February, of a year that is none in the century that is written; centuries without such numbers.
    "19000229-0013",
    "17900101-0017",
    "22900101-0017",
    // Organisation numbers, with their century in the tax agency's files too.
    "org.nr 212000-2460",
    "162120002460",
    "RUN/659/2016",
    "23-032-S03",
    "DEMO/12/2019",
    "RUN/9001010017/2016",
    "dnr 2016/900101-0017",
    "A-900101-0017",
    "900101-0017-S03",
    "SE900101-0017",
    "900101-0017B",
    "2021SE16FFPR001 och 2014SE16M2OP001",
    "2019-01-01–2022-12-31, kl. 09:00",
    "20190101-20191231 och 190101-191231",
    "åren 2019 2020 2021 2022",
    "https://example.org/beslut?id=9001010017",
    "se https://example.org/9001010017.pdf",
    "www.example.org?nr=900101-0017",
    // Phone numbers, of which the digits together are a personal identity number.
    "070-123 45 69",
    "070-1234569",
    "0701-23 45 69",
    "0701-234569",
    "070 123 45 69",
    "+46701234569",
    "+46 70 123 45 69",
    "+450701234569",
    "+9001010017",
    "+358 9001010017",
    "99001010017",
    "90010100175",
    "9001010017000",
    "900101--0017",
    "900101.0017",
];

#[test]
fn a_number_is_found_however_it_is_written() {
    for number in WRITTEN {
        for text in [
            (*number).to_owned(),
            format!("Anna Ek {number}"),
            format!("Anna Ek ({number}), ledamot"),
            format!("pnr:{number}."),
            format!("2019 – {number} 2020"),
            format!("https://example.org/om {number}"),
            format!("RUN/659/2016, 212000-2460, {number}"),
            format!("{number}@example.org"),
        ] {
            assert!(holds_personal_number(&text), "{text:?}");
        }
    }
}

#[test]
fn what_is_something_else_is_not_taken_for_one() {
    for text in SOMETHING_ELSE {
        assert!(!holds_personal_number(text), "{text:?}");
        assert!(!holds_personal_number(&format!("Se {text}, där.")), "{text:?}");
    }
}

#[test]
fn nothing_in_the_data_is_taken_for_one() {
    let mut organisation_numbers = 0;
    for (file, text) in demo::FILES {
        for (line, text) in text.lines().enumerate() {
            assert!(!holds_personal_number(text), "{file}:{}: {text}", line + 1);
            if let Some(number) = text.strip_prefix("organisationNumber = ") {
                let number = OrganisationNumber::parse(number.trim_matches('"')).expect(text);
                assert!(!holds_personal_number(number.digits()), "{text}");
                assert!(!holds_personal_number(&OrganisationNumber::printed(number.digits())), "{text}");
                organisation_numbers += 1;
            }
        }
    }
    assert!(organisation_numbers > 15, "{organisation_numbers}");
}

#[test]
fn a_long_text_is_read_in_no_time() {
    let begun = Instant::now();
    for scrap in ["1", "+1 ", "://9001010017;", "900101-", "900101 0018 "] {
        let text = scrap.repeat(100_000);
        assert!(!holds_personal_number(&text), "{scrap:?}");
    }
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

/// The digit that makes nine digits a number: what their weighted digits lack to the next ten.
fn check_digit(nine: &str) -> u32 {
    const DOUBLED: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let digits = nine.chars().filter_map(|digit| digit.to_digit(10)).enumerate();
    let sum: u32 = digits.map(|(at, digit)| if at % 2 == 0 { DOUBLED[digit as usize] } else { digit }).sum();
    (10 - sum % 10) % 10
}

/// Twelve digits of somebody born on any day from 1800 to 2099, and what to add for another check digit.
fn somebody() -> impl Strategy<Value = (String, u32)> {
    let first = NaiveDate::from_ymd_opt(1800, 1, 1).expect("a day");
    (0..109_500_u64, prop::bool::ANY, 1..1000_u32, 1..10_u32).prop_map(move |(days, coordination, serial, error)| {
        let born = first + chrono::Days::new(days);
        let day = born.day() + if coordination { 60 } else { 0 };
        let digits = format!("{:04}{:02}{day:02}{serial:03}", born.year(), born.month());
        (format!("{digits}{}", check_digit(&digits[2..])), error)
    })
}

fn separator() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "-", "+", " ", "–", "\u{a0}"])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn everybodys_number_is_found((digits, error) in somebody(), separator in separator(), words in "([a-zåäö]{1,8}[ ,.(]{1,2}){0,3}") {
        let (date, last) = digits.split_at(8);
        let (serial, check) = last.split_at(3);
        let wrong = (check.parse::<u32>().expect("a digit") + error) % 10;
        for date in [date, &date[2..]] {
            let found = format!("{words}{date}{separator}{last}");
            let other = format!("{words}{date}{separator}{serial}{wrong}");
            prop_assert!(holds_personal_number(&found), "{found:?}");
            prop_assert!(!holds_personal_number(&other), "{other:?}");
            let number = format!("{date}{separator}{last}");
            for longer in [format!("x{number}"), format!("{number}x"), format!("{number}/1"), format!("1/{number}"), format!("1-{number}")] {
                prop_assert!(!holds_personal_number(&longer), "{longer:?}");
            }
        }
    }

    #[test]
    fn no_organisation_number_is_taken_for_one(first in 0..100_u32, third in 2..10_u32, rest in 0..1_000_000_u32, words in "[a-z ]{0,9}") {
        let nine = format!("{first:02}{third}{rest:06}");
        let number = OrganisationNumber::parse(&format!("{nine}{}", check_digit(&nine))).expect("an organisation number");
        let printed = OrganisationNumber::printed(number.digits());
        for text in [number.digits(), &printed, &format!("16{}", number.digits()), &format!("{words} {printed} {words}")] {
            prop_assert!(!holds_personal_number(text), "{text:?}");
        }
    }

    #[test]
    fn no_diary_reference_or_day_is_taken_for_one(
        series in "[A-ZÅÄÖ]{2,8}", number in "[0-9]{1,12}", year in 1900..2200_u32, part in "[0-9]{2,6}-[0-9]{2,4}-S?[0-9]{2}", days in 0..73_000_u64,
    ) {
        let day = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day") + chrono::Days::new(days);
        for text in [
            format!("{series}/{number}/{year}"),
            format!("{series} {year}/{number}"),
            format!("{year}-{part}"),
            format!("{day} {year}"),
            format!("{day}T09:00"),
            format!("{}-{}", day.format("%Y%m%d"), day.format("%Y%m%d")),
            format!("den {} {year}", day.format("%-d/%-m")),
        ] {
            prop_assert!(!holds_personal_number(&text), "{text:?}");
        }
    }

    #[test]
    fn any_text_is_read(text in "(?s)[0-9+ /\u{a0}–-]{0,40}.{0,40}") {
        holds_personal_number(&text);
    }
}
