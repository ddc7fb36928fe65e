//! What projects say in codes and fixed terms.

use std::fmt;

use sea_orm::ActiveEnum;
use sea_orm::entity::prelude::*;

use super::Term;
use super::terms::{said, terms};

terms! {
    /// Who pays for projects.
    Fund {
        /// Europeiska socialfonden (ESF): the European Social Fund, until 2020.
        Esf,
        /// Europeiska socialfonden plus (ESF+): from 2021.
        EsfPlus,
        /// Regionala utvecklingsfonden, ERUF: the European Regional Development Fund.
        Erdf,
        /// Omställningsfonden, FRO: the Just Transition Fund.
        Jtf,
        /// Interreg: cooperation over borders.
        Interreg,
        /// Asylfonden, AMIF: the Asylum, Migration and Integration Fund.
        Amif,
        /// Statliga medel: means of the state.
        State,
        /// Regionala utvecklingsmedel: means of a region.
        Regional,
        /// Annan finansiering: other means.
        Other,
    }

    /// How far a project has come.
    ProjectPhase {
        /// Ansökan: it has been applied for.
        Application,
        /// Förstudie: whether and how to do it is looked into.
        PreStudy,
        /// Analys och planering: it is being prepared.
        Preparation,
        /// Genomförande: it is being carried out.
        Implementation,
        /// Avslut: it is being wound up.
        Closing,
    }
}

/// A text that is no code of its sort, with what the code looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCode(&'static str);

impl fmt::Display for NoCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The number by which the EU knows a programme (*code commun d'identification*): the year in which it begins, the country, two signs
/// for the fund and up to seven for the programme, as in `2021SE05SFPR` and `2014SE05M9OP001`.
pub fn cci(text: &str) -> Result<String, NoCode> {
    let text = text.trim().to_ascii_uppercase();
    let form = text.len() >= 12 && text.len() <= 15 && text.bytes().all(|sign| sign.is_ascii_alphanumeric());
    let parts = form && digits(&text[..4]) && letters(&text[4..6]);
    if parts {
        Ok(text)
    } else {
        Err(NoCode("a CCI number looks like 2021SE05SFPR: year, country, fund and programme"))
    }
}

/// A region in the EU's nomenclature (NUTS, Regulation (EC) No 1059/2003): a country and up to three signs, as in `SE32`.
pub fn nuts(text: &str) -> Result<String, NoCode> {
    let text = text.trim().to_ascii_uppercase();
    let form = text.len() >= 2 && text.len() <= 5 && text.bytes().all(|sign| sign.is_ascii_alphanumeric());
    if form && letters(&text[..2]) { Ok(text) } else { Err(NoCode("a NUTS code looks like SE32: country and region")) }
}

/// A share in percent, with two decimals at most, as hundredths of a percent.
pub fn share(percent: f64) -> Result<i32, NoCode> {
    let hundredths = (percent * 100.0).round();
    let exact = (percent * 100.0 - hundredths).abs() < 1e-6;
    if (0.0..=10_000.0).contains(&hundredths) && exact && percent.is_sign_positive() {
        #[allow(clippy::cast_possible_truncation, reason = "at most 10,000")]
        return Ok(hundredths as i32);
    }
    Err(NoCode("a share is from 0 to 100 percent, with two decimals at most"))
}

fn digits(text: &str) -> bool {
    text.bytes().all(|sign| sign.is_ascii_digit())
}

fn letters(text: &str) -> bool {
    text.bytes().all(|sign| sign.is_ascii_uppercase())
}
