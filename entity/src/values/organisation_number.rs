use std::fmt;

/// A Swedish organisation number: ten digits of which the last is a check digit (Luhn), the third at least 2, which is
/// what tells it from a personal identity number (Skatteverket, SKV 709).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrganisationNumber(String);

/// The text is not an organisation number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOrganisationNumber;

impl fmt::Display for InvalidOrganisationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an organisation number has ten digits, NNNNNN-NNNN, and a valid check digit")
    }
}

impl OrganisationNumber {
    /// Parses `NNNNNN-NNNN` or ten digits.
    pub fn parse(text: &str) -> Result<Self, InvalidOrganisationNumber> {
        let digits = match text.as_bytes() {
            [_, _, _, _, _, _, b'-', _, _, _, _] => text.replacen('-', "", 1),
            _ => text.to_owned(),
        };
        let bytes = digits.as_bytes();
        let valid = bytes.len() == 10 && bytes.iter().all(u8::is_ascii_digit) && bytes[2] >= b'2' && luhn(bytes);
        if valid { Ok(Self(digits)) } else { Err(InvalidOrganisationNumber) }
    }

    /// The ten digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The number as it is printed: `NNNNNN-NNNN`.
    pub fn printed(digits: &str) -> String {
        format!("{}-{}", &digits[..6], &digits[6..])
    }
}

/// Whether the last of these digits is the check digit of those before it.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * (1 + place as u32 % 2))
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}

/// A municipality's or a county's code in SCB's list: four digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MunicipalityCode(String);

impl MunicipalityCode {
    /// Parses four digits.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| Self(text.to_owned()))
    }
}

impl From<MunicipalityCode> for String {
    fn from(code: MunicipalityCode) -> Self {
        code.0
    }
}
