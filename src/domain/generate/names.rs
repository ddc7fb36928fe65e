//! Names of nobody and of nowhere, put together from common Swedish parts.

use std::sync::LazyLock;

use super::draw::Draw;

/// Words to draw from: parted once, not for each name.
type Words = LazyLock<Vec<&'static str>>;

macro_rules! words {
    ($($name:ident = $words:literal;)+) => {
        $(static $name: Words = LazyLock::new(|| $words.split_whitespace().collect());)+
    };
}

words! {
    GIVEN = "Anna Eva Maria Karin Kristina Lena Sara Kerstin Emma Ingrid Malin Jenny Annika Birgitta Ulla Elin Sofia Linda Hanna \
    Susanne Helena Marie Katarina Johanna Ida Åsa Ebba Alva Märta Ylva Siv Tove Frida Moa Agnes Lovisa Vera Stina Gunilla Örjan Lars Mikael \
    Anders Johan Erik Per Karl Peter Jan Thomas Daniel Fredrik Hans Mats Andreas Stefan Magnus Jonas Bengt Bo Martin Nils Björn Leif Ulf \
    Sven Gustav Henrik Oskar Viktor Emil Axel Håkan Åke Göran Sören Tomas Jörgen Rolf Kjell Arne Ola Pär Torbjörn Ove Tage Ivar Nora René";
    PATRONYMICS = "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson \
    Jansson Hansson Bengtsson Jönsson Carlsson Petersson Magnusson Olofsson Åkesson Mårtensson Månsson Göransson";
    FAMILY = "Lind Berg Sjö Björk Ek Gran Alm Ny Sand Söder Norr Väster Öster Hög Holm Ström Dal Fors Lund Hed Hall Asp Back Bo \
    Hall Kall Ljung Löf Måns Nord Palm Ros Ryd Sund Sten Säter Tall Tim Val Vik Åker Äng Ås Öd Ön Ceder El Fager Gyll Malm";
    FAMILY_END = "berg ström kvist gren lund dahl man blad fors holm mark stedt feldt rot hammar vall borg stam bäck sjö";
    PLACE = "Björk Gran Sjö Älv Fjäll Lax Räv Varg Ulv Orr Tjäder Hjort Mo Myr Berg Dal Ed Forn Guld Hav Is Järn Kvarn Lång Malm \
    Näs Ot Pors Rönn Sel Torp Ugg Vall Ytter Åby Äpple Öst Över Ekors Silver Koppar Brunn Klock Kyrk Skog Strand Sten Hög Låg Nord";
    PLACE_END = "vik fors dal näs sele ånger torp bo lunda mark hult sjö holm by stad hamn köping berga åsen myra ryd vattnet \
    heden backa skär udden ö fall viken bruk";
    UNITS = "Socialförvaltningen Utbildningsförvaltningen Kommunledningskontoret Räddningstjänsten Kulturkontoret Miljökontoret \
    Näringslivskontoret Vuxenutbildningen Omsorgskontoret Teknikkontoret Elevhälsan Energikontoret";
    TITLES = "Förvaltningschef Socialchef Skolchef Kommundirektör Enhetschef Verksamhetschef Utvecklingsledare Strateg Rektor \
    Folkhälsosamordnare Näringslivschef Miljöchef Kulturchef Ekonomichef Personalchef Kvalitetschef Säkerhetschef Kansliansvarig Handläggare Projektledare";
    THEMES = "barn äldre klimat energi skola kultur hälsa integration arbete vuxenutbildning digitalisering trygghet jämställdhet \
    landsbygd besöksnäring kompetensförsörjning folkhälsa krisberedskap bibliotek idrott natur vatten bostäder infrastruktur kollektivtrafik \
    forskning unga familjer missbruk psykiatri rehabilitering livsmedel skog minoriteter samernas-frågor nyanlända funktionsrätt närvård läkemedel e-hälsa";
}

/// A given name and a family name.
pub fn person(draw: &mut Draw) -> (String, String) {
    let given = word(draw, &GIVEN).to_owned();
    if draw.percent(40) {
        return (given, word(draw, &PATRONYMICS).to_owned());
    }
    (given, joined(draw, &FAMILY, &FAMILY_END))
}

/// The name of a place.
pub fn place(draw: &mut Draw) -> String {
    joined(draw, &PLACE, &PLACE_END)
}

/// What a unit of an organisation is called.
pub fn unit(draw: &mut Draw) -> &'static str {
    word(draw, &UNITS)
}

/// A title.
pub fn title(draw: &mut Draw) -> &'static str {
    word(draw, &TITLES)
}

/// What a group is about.
pub fn theme(draw: &mut Draw) -> &'static str {
    word(draw, &THEMES)
}

fn joined(draw: &mut Draw, first: &Words, last: &Words) -> String {
    let (first, last) = (word(draw, first), word(draw, last));
    // "Hall" and "löf" make "Hallöf": three of one letter in a row are two.
    match last.strip_prefix('l') {
        Some(rest) if first.ends_with("ll") => format!("{first}{rest}"),
        _ => format!("{first}{last}"),
    }
}

fn word(draw: &mut Draw, words: &Words) -> &'static str {
    words[draw.below(words.len())]
}
