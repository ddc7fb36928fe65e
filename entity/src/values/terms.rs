//! The field's fixed terms. Each is stored as its own name, except the two that are compared or sorted by rank
//! (`Audience`, `SeatRole`), which are stored as that rank. Every description begins with the Swedish term.

use std::str::FromStr;

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveEnum, Iterable};

/// A closed list of terms that is written the same in the API, in documents and in the database.
pub trait Term: Sized + Copy + Eq + Iterable + 'static {
    /// The term as the API and directory documents write it.
    fn word(self) -> String;

    /// The term as it is said in Swedish: "Vice ordförande".
    fn swedish(self) -> &'static str;

    /// The term that `word` names.
    fn parse(word: &str) -> Option<Self> {
        Self::iter().find(|term| term.word() == word)
    }

    /// All terms, as an error message lists them.
    fn words() -> String {
        Self::iter().map(Self::word).collect::<Vec<_>>().join(", ")
    }
}

/// What stands before the colon of a term's description, or its first sentence where there is none.
pub(super) fn said(description: &'static str) -> &'static str {
    let end = description.find([':', '.']).unwrap_or(description.len());
    description[..end].trim()
}

macro_rules! terms {
    ($($(#[$doc:meta])* $name:ident { $(#[doc = $term_doc:literal] $term:ident,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
        #[derive(async_graphql::Enum, serde::Serialize, serde::Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name { $(#[doc = $term_doc] $term,)+ }

        impl Term for $name {
            fn word(self) -> String { self.to_value() }
            fn swedish(self) -> &'static str { said(match self { $(Self::$term => $term_doc,)+ }) }
        }
    )+};
}

pub(super) use terms;

macro_rules! ranked_terms {
    ($($(#[$doc:meta])* $name:ident { $(#[doc = $term_doc:literal] $term:ident = $rank:literal $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
        #[derive(async_graphql::Enum, serde::Serialize, serde::Deserialize)]
        #[sea_orm(rs_type = "i16", db_type = "SmallInteger")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name { $(#[doc = $term_doc] #[sea_orm(num_value = $rank)] $term,)+ }

        impl Term for $name {
            fn word(self) -> String { match self { $(Self::$term => $word,)+ }.to_owned() }
            fn swedish(self) -> &'static str { said(match self { $(Self::$term => $term_doc,)+ }) }
        }
    )+};
}

ranked_terms! {
    /// Who may see something; each level includes those below it.
    Audience {
        /// Alla: everyone, without signing in.
        Public = 0 "PUBLIC",
        /// Inloggade: anyone with a valid token.
        SignedIn = 1 "SIGNED_IN",
        /// Samordnare: coordinators of the group, representatives of the organisation, administrators.
        Coordinators = 2 "COORDINATORS",
        /// Administratörer: administrators only.
        Administrators = 3 "ADMINISTRATORS",
    }

    /// What a seat is for in its group. Members are listed in this order.
    SeatRole {
        /// Ordförande: leads the group.
        Chair = 1 "CHAIR",
        /// Vice ordförande: leads the group in the chair's absence.
        ViceChair = 2 "VICE_CHAIR",
        /// Ledamot: an ordinary member.
        Member = 3 "MEMBER",
        /// Ersättare: one of the pool that stands in for members.
        Substitute = 4 "SUBSTITUTE",
        /// Adjungerad: takes part without being a member.
        Adjunct = 5 "ADJUNCT",
        /// Sekreterare: keeps the group's record.
        Secretary = 6 "SECRETARY",
        /// Sammankallande: calls the group together.
        Convener = 7 "CONVENER",
        /// Observatör: follows the group's work.
        Observer = 8 "OBSERVER",
        /// Kontaktperson: whom to call about the group.
        Contact = 9 "CONTACT",
    }
}

terms! {
    /// What sort of organisation it is.
    OrganisationKind {
        /// Kommun: a municipality.
        Municipality,
        /// Region: a region, or a county council before 2019.
        Region,
        /// Statlig myndighet: a state agency.
        StateAgency,
        /// Universitet eller högskola: a university.
        University,
        /// Fackförbund: a trade union.
        Union,
        /// Förening: an association.
        Association,
        /// Utbildningsanordnare: a provider of education.
        EducationProvider,
        /// Samordningsförbund: a coordination body for rehabilitation.
        CoordinationBody,
        /// Kommunalförbund: a body formed by municipalities or regions.
        MunicipalAssociation,
        /// Företag: a company.
        Company,
        /// Internationellt organ: a body of the European Union or another international body.
        InternationalBody,
        /// Enhet: a unit inside an organisation.
        Unit,
        /// Annan: none of the others.
        Other,
    }

    /// What sort of group it is.
    GroupKind {
        /// Nätverk: a network of people or organisations.
        Network,
        /// Råd: a council.
        Council,
        /// Politisk arena: where elected representatives meet.
        PoliticalArena,
        /// Ledningsgrupp: a management group.
        ManagementGroup,
        /// Styrgrupp: a steering group.
        SteeringGroup,
        /// Arbetsgrupp: a working group.
        WorkingGroup,
        /// Referensgrupp: a reference group.
        ReferenceGroup,
        /// Samrådsgrupp: a group for consultation.
        ConsultationGroup,
        /// College: a certified cooperation of employers and education.
        College,
        /// Förening: an association that meets as a group.
        Association,
        /// Forum: an open meeting place.
        Forum,
        /// Annan: none of the others.
        Other,
    }

    /// How one group relates to another group, or to an organisation.
    RelationKind {
        /// Är styrgrupp åt: the group does its work for the other.
        Serves,
        /// Efterträder: the group took over from the other.
        Succeeds,
    }

    /// How a seat is filled.
    SeatFill {
        /// Utsedd: the appointer names the member.
        Appointed,
        /// Vald: the member is elected.
        Elected,
        /// Självskriven: whoever holds the position sits on the seat.
        ExOfficio,
    }

    /// Whether somebody sits on a seat on the day.
    SeatState {
        /// Vakant: fewer people sit on the seat than its capacity; on an unbounded seat, nobody.
        Vacant,
        /// Besatt: the seat is not vacant.
        Filled,
    }

    /// What a contact point is.
    ContactPointKind {
        /// E-post: an e-mail address.
        Email,
        /// Telefon: a phone number.
        Phone,
        /// Adress: a postal or visiting address.
        Address,
        /// Webb: a web page.
        Web,
    }

    /// What sort of meeting it is.
    MeetingKind {
        /// Formellt sammanträde: with notice, agenda and record.
        Formal,
        /// Internt möte: without the usual form.
        Internal,
        /// Studiebesök: a study visit.
        StudyVisit,
        /// Dialogmöte: a dialogue with others.
        Dialogue,
    }

    /// Where a meeting stands.
    MeetingState {
        /// Planerat: it is to be held.
        Planned,
        /// Hållet: it has been held.
        Held,
        /// Inställt: it is not held.
        Cancelled,
    }

    /// How somebody was present, or that they were not.
    AttendanceMode {
        /// I rummet: in the room.
        InRoom,
        /// På distans: remotely.
        Remote,
        /// Anmält förhinder: not there, as they let it be known.
        Excused,
        /// Frånvarande: not there, without a word.
        Absent,
    }

    /// How somebody stands who gets invitations to a meeting by e-mail.
    InvitationStanding {
        /// Kallad: they are to come.
        Invited,
        /// Inställt: the meeting is not held.
        Cancelled,
        /// Återkallad: the meeting is held, and they are no longer to come.
        Withdrawn,
    }

    /// How exactly a time is known.
    TimePrecision {
        /// Klockslag: to the minute.
        Time,
        /// Dag: only the day is known.
        Day,
        /// Månad: only the month is known.
        Month,
    }

    /// What a stated number counts.
    Measure {
        /// Hållna möten: meetings held, of any kind.
        MeetingsHeld,
        /// Formella sammanträden: formal meetings held.
        FormalMeetingsHeld,
        /// Möten utan digitalt deltagande: meetings at which remote attendance was not offered.
        MeetingsWithoutDigitalOffer,
        /// Hållna evenemang: courses, conferences and other events held.
        EventsHeld,
        /// Deltagare: people who took part.
        Participants,
        /// Medlemmar: members.
        Members,
        /// Anställda: people employed.
        Employees,
        /// Antal: of what the unit says.
        Count,
        /// Andel: in percent, of what the unit says.
        Share,
    }

    /// How exactly a source states a number.
    Exactness {
        /// Exakt: the number as counted.
        Exact,
        /// Ungefär: "ca", "omkring".
        About,
        /// Minst: that many or more.
        AtLeast,
        /// Knappt: somewhat fewer.
        Nearly,
    }

    /// What an identity may do, by a grant.
    Role {
        /// Samordnare: keeps a group, and those below it.
        Coordinator,
        /// Ombud: keeps an organisation, and its units.
        Representative,
        /// Granskare: reads everything and the whole trail of changes, and changes nothing.
        Auditor,
        /// Administratör: everything.
        Administrator,
    }

    /// What a row is about, where rows of several nouns can be meant.
    SubjectKind {
        /// Organisation.
        Organisation,
        /// Person.
        Person,
        /// Befattning: a position.
        Position,
        /// Innehav: a tenure.
        Tenure,
        /// Grupp: a group.
        Group,
        /// Relation mellan grupper: a group's relation.
        GroupRelation,
        /// Plats: a seat.
        Seat,
        /// Medlemskap: a membership.
        Membership,
        /// Ersättning: a substitution.
        Substitution,
        /// Kontaktuppgift: a contact point.
        ContactPoint,
        /// Mötesplan: a schedule.
        Schedule,
        /// Möte: a meeting.
        Meeting,
        /// Sammanträdesdel: a sitting.
        Sitting,
        /// Uppgift: a figure.
        Figure,
        /// Dokument: a document.
        Document,
        /// Identitet: a sign-in.
        Identity,
        /// Behörighet: a grant.
        Grant,
        /// Inbjudan: an invitation.
        Invitation,
        /// Ändring: an entry of the trail.
        Change,
        /// Kalender: a calendar with a secret address.
        Calendar,
        /// Avtal: an agreement.
        Agreement,
        /// Uppdrag: an assignment of an agreement.
        Assignment,
        /// Avtalspart: a party to an agreement.
        AgreementParty,
        /// Projekt: a project.
        Project,
        /// Evenemang: an event.
        Event,
        /// Prioritering: a priority.
        Priority,
        /// Balanspost: an item on a list of what to come back to.
        FollowUpItem,
        /// Aktivitet: an activity.
        Activity,
        /// Resultat: a result.
        Result,
    }
}

impl AttendanceMode {
    /// Whether it means that somebody is there.
    pub fn is_present(self) -> bool {
        matches!(self, Self::InRoom | Self::Remote)
    }
}

impl SeatRole {
    /// Whether those who sit on a seat of the role vote, when nothing else is said.
    pub fn votes(self) -> bool {
        matches!(self, Self::Chair | Self::ViceChair | Self::Member)
    }
}

impl FromStr for SubjectKind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::parse(word).ok_or(())
    }
}
