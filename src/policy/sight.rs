//! What each role sees of each type of the schema, in words: what the conditions of [`super::scope`] come to. A type without an entry here
//! fails the tests, and the table that is printed from it is committed and compared.

/// Who sees the objects of a type, or a field where that differs from its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Whoever sees the object that it is reached through; lists and values hold nothing of their own.
    Through,
    /// Everybody.
    All,
    /// Groups, by their audience.
    Group,
    /// What hangs on groups.
    OfGroup,
    /// Agreements, by their audience.
    Agreement,
    /// What hangs on agreements.
    OfAgreement,
    /// Projects, by their audience.
    Project,
    /// What hangs on projects.
    OfProject,
    /// Events, by their audience, of organisations and of groups.
    Event,
    /// What is an organisation's or a group's.
    Owned,
    /// People.
    Person,
    /// What shows a person in a group.
    PersonInGroup,
    /// What shows a person in a position.
    PersonInPosition,
    /// Contact points, by their audience and that of what they belong to.
    ContactPoint,
    /// Whoever has signed in.
    SignedIn,
    /// One's own.
    Own,
    /// Whoever may change the object.
    Changers,
    /// Auditors and administrators, and whoever made the change.
    Trail,
    /// Auditors and administrators.
    Auditors,
    /// Whoever may call a mutation; its rules are in the other table.
    Mutation,
}

/// The roles, in the order of the table's columns.
pub const ROLES: [&str; 6] = ["PUBLIC", "SIGNED_IN", "COORDINATOR", "REPRESENTATIVE", "AUDITOR", "ADMINISTRATOR"];

const NO: &str = "–";
const ALL: &str = "all";
const UNPROTECTED: &str = "all but protected";

impl Sight {
    /// What each role sees, in the order of [`ROLES`].
    pub fn cells(self) -> [&'static str; 6] {
        match self {
            Self::Through => ["as its object"; 6],
            Self::All => [ALL; 6],
            Self::Group => [
                "PUBLIC",
                "to SIGNED_IN",
                "to SIGNED_IN; to COORDINATORS in theirs",
                "to SIGNED_IN; to COORDINATORS where theirs has a seat",
                ALL,
                ALL,
            ],
            Self::OfGroup => ["of groups they see"; 6],
            Self::OfAgreement => ["of agreements they see"; 6],
            Self::OfProject => ["of projects they see"; 6],
            Self::Agreement | Self::Project | Self::Event => self.cells_of_record(),
            Self::Owned => ["of organisations, and of groups they see"; 6],
            Self::Person => [
                "PUBLIC, through what is public",
                "to SIGNED_IN",
                "to SIGNED_IN; to COORDINATORS in theirs",
                "to SIGNED_IN; to COORDINATORS in theirs",
                UNPROTECTED,
                ALL,
            ],
            Self::PersonInGroup => ["of groups and people they see"; 6],
            Self::PersonInPosition => ["of people they see"; 6],
            Self::ContactPoint => [
                "PUBLIC",
                "to SIGNED_IN",
                "to SIGNED_IN; to COORDINATORS in theirs",
                "to SIGNED_IN; to COORDINATORS in theirs",
                UNPROTECTED,
                ALL,
            ],
            Self::SignedIn => [NO, ALL, ALL, ALL, UNPROTECTED, ALL],
            Self::Own => [NO, "their own", "their own", "their own", ALL, ALL],
            Self::Changers => {
                [NO, NO, "of what they may change", "of what they may change", "all; protected masked", ALL]
            }
            Self::Trail => [
                NO,
                NO,
                "their own; of what they may change",
                "their own; of what they may change",
                "all; protected masked",
                ALL,
            ],
            Self::Auditors => [NO, NO, NO, NO, ALL, ALL],
            Self::Mutation => ["by action"; 6],
        }
    }

    /// The same of the record.
    fn cells_of_record(self) -> [&'static str; 6] {
        let in_theirs = match self {
            Self::Agreement => [
                "to SIGNED_IN; to COORDINATORS where it asks something of theirs",
                "to SIGNED_IN; to COORDINATORS where theirs is party, asked or owner",
            ],
            Self::Project => ["to SIGNED_IN", "to SIGNED_IN; to COORDINATORS where theirs owns it or takes part"],
            _ => ["to SIGNED_IN, of groups they see; to COORDINATORS of theirs"; 2],
        };
        let of_seen = ["PUBLIC, of groups they see", "to SIGNED_IN, of groups they see"];
        let [public, signed_in] = if self == Self::Event { of_seen } else { ["PUBLIC", "to SIGNED_IN"] };
        [public, signed_in, in_theirs[0], in_theirs[1], ALL, ALL]
    }
}

/// What is seen of each type. What a list or a payload holds is seen as what it holds.
pub const TYPES: &[(&str, Sight)] = &[
    ("Activity", Sight::Owned),
    ("Agreement", Sight::Agreement),
    ("AgreementParty", Sight::OfAgreement),
    ("Assignment", Sight::OfAgreement),
    ("Attendance", Sight::PersonInGroup),
    ("Calendar", Sight::Own),
    ("Change", Sight::Trail),
    ("ChangeEvent", Sight::Through),
    ("CommonTime", Sight::OfGroup),
    ("Contact", Sight::PersonInGroup),
    ("ContactPoint", Sight::ContactPoint),
    ("DayWarning", Sight::Through),
    ("Decision", Sight::Through),
    ("Document", Sight::All),
    ("DoubleBooking", Sight::PersonInGroup),
    ("Effect", Sight::Trail),
    ("Event", Sight::Event),
    ("Expected", Sight::PersonInGroup),
    ("FieldChange", Sight::Through),
    ("Figure", Sight::Through),
    ("FollowUpItem", Sight::Owned),
    ("Grant", Sight::Own),
    ("Group", Sight::Group),
    ("GroupRelation", Sight::OfGroup),
    ("HeldRole", Sight::Own),
    ("Identity", Sight::Own),
    ("Indicator", Sight::OfProject),
    ("InvalidInput", Sight::Through),
    ("Invitation", Sight::Changers),
    ("KeyReused", Sight::Through),
    ("Meeting", Sight::OfGroup),
    ("MeetingCount", Sight::OfGroup),
    ("MeetingInvitation", Sight::Changers),
    ("Membership", Sight::PersonInGroup),
    ("Mutation", Sight::Mutation),
    ("NotAllowed", Sight::Through),
    ("NotFound", Sight::Through),
    ("Organisation", Sight::All),
    ("OrganisationName", Sight::All),
    ("PageInfo", Sight::Through),
    ("Period", Sight::Through),
    ("Person", Sight::Person),
    ("PlannedDay", Sight::All),
    ("Position", Sight::All),
    ("Priority", Sight::Owned),
    ("Project", Sight::Project),
    ("ProjectContact", Sight::OfProject),
    ("ProjectPartner", Sight::OfProject),
    ("Query", Sight::All),
    ("RateLimit", Sight::All),
    ("Result", Sight::Owned),
    ("RuleBroken", Sight::Through),
    ("Schedule", Sight::OfGroup),
    ("ScheduleSitting", Sight::OfGroup),
    ("Seat", Sight::OfGroup),
    ("Sitting", Sight::OfGroup),
    ("Source", Sight::Through),
    ("Subscription", Sight::All),
    ("Substitution", Sight::PersonInGroup),
    ("Tenure", Sight::PersonInPosition),
    ("VersionConflict", Sight::Through),
    ("Viewer", Sight::All),
];

/// Fields that are seen otherwise than their object.
pub const FIELDS: &[(&str, &str, Sight)] = &[
    ("Query", "changes", Sight::Auditors),
    ("Query", "grants", Sight::Auditors),
    ("Query", "identities", Sight::Auditors),
    ("Query", "people", Sight::SignedIn),
    ("Viewer", "grants", Sight::Own),
    ("Viewer", "identity", Sight::Own),
    ("Viewer", "person", Sight::Person),
];

/// What is seen of a field; `None` where nobody has said so.
pub fn sight(object: &str, field: &str) -> Option<Sight> {
    let exception = FIELDS.iter().find(|(of, name, _)| (*of, *name) == (object, field)).map(|(.., sight)| *sight);
    let history = (field == "history").then_some(Sight::Changers);
    let whole = TYPES.iter().find(|(name, _)| *name == object).map(|(_, sight)| *sight);
    let holder = ["Connection", "Edge", "Payload"].iter().any(|end| object.ends_with(end)).then_some(Sight::Through);
    exception.or(history.filter(|_| whole.is_some())).or(whole).or(holder)
}
