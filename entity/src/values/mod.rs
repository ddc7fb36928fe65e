//! Value types: parsed once at the door, trusted afterwards. No I/O.

mod collation;
mod contact;
mod date;
mod global_id;
pub mod hex;
mod instant;
mod organisation_number;
mod period;
mod personal_number;
mod project;
mod recurrence;
mod reference;
mod role;
mod sitting_plan;
mod slug;
mod terms;
mod url;

pub use self::url::Url;
pub use collation::{search_key, sort_key, sort_key_range};
pub use contact::{ContactValue, InvalidContact};
pub use date::{Date, DateRange, InvalidDate};
pub use global_id::GlobalId;
pub use instant::{Instant, LocalTime, STOCKHOLM};
pub use organisation_number::{InvalidOrganisationNumber, MunicipalityCode, OrganisationNumber};
pub use period::{FOREVER, InvalidPeriod, Period, PeriodState, Precision, START_OF_TIME};
pub use personal_number::holds_personal_number;
pub use project::{Fund, NoCode, ProjectPhase, cci, nuts, share};
pub use recurrence::{InvalidRecurrence, Recurrence};
pub use reference::{NoReference, ReferenceNumber};
pub use role::WrongPlace;
pub use sitting_plan::SittingPlan;
pub use slug::{InvalidSlug, Slug};
pub use terms::*;
