//! What can be done, and which roles may do it where: the rules of writing, once. Reading is in [`super::scope`].

use async_graphql::Enum;
use async_graphql::resolver_utils::EnumType;
use entity::values::SubjectKind;

/// Where a role must be held to do something to a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The role may not.
    Nowhere,
    /// Held anywhere at all.
    Anywhere,
    /// Held in a place that one of these columns names. The subject's row is `x`; see [`super::subject`] for what is joined to it.
    In(&'static [&'static str]),
    /// Held for the organisation of a seat in the group `x` to which it appoints.
    Appointing,
    /// Held for the organisation that the person `x` belongs to, and no other one does.
    OwnPerson,
    /// Held in the groups of all rows `p` that belong to `x`: what follows FROM.
    Each(&'static str),
    /// Held in the group of some row `p` that belongs to `x`: what follows FROM.
    Some(&'static str),
}

impl Reach {
    /// Where, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Nowhere => "–",
            Self::Anywhere => "yes",
            Self::Appointing => "where they appoint",
            Self::OwnPerson => "their own alone",
            Self::Each(_) => "where all groups are theirs",
            Self::Some(_) => "where a group is theirs",
            Self::In(["x.parent_id"]) => "inside theirs",
            Self::In(["x.appointer_id" | "s.appointer_id"]) => "where they appoint",
            Self::In(["x.organisation_id", "a.owner_id"]) => "as the party, or the owner",
            Self::In(["s.appointer_id", ..]) => "where they appoint, or theirs",
            Self::In(["x.group_id" | "s.group_id"]) => "in theirs",
            Self::In(_) => "theirs",
        }
    }
}

/// An action on a kind of subject.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The action.
    pub action: Action,
    /// What it is done to; `None` for what is done to nothing that is there yet.
    pub on: Option<SubjectKind>,
    /// Where a coordinator must be one.
    pub coordinator: Reach,
    /// Where a representative must be one.
    pub representative: Reach,
    /// Whether whoever has signed in may.
    pub anyone: bool,
    /// Whether auditors may.
    pub auditor: bool,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident $name:literal { $($on:tt: $coordinator:expr, $representative:expr $(, $others:ident)*;)+ })+) => {
        /// What can be done, by the name of the mutation that does it.
        #[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $action,)+ }

        impl Action {
            /// The name of the mutation, and of the verb in the trail.
            pub fn verb(self) -> &'static str {
                match self { $(Self::$action => $name,)+ }
            }
        }

        /// Every action on every kind of subject. What is not listed here nobody may. Administrators may everything that is.
        pub const RULES: &[Rule] = &[$($(
            actions!(@rule $action, $on, $coordinator, $representative $(, $others)*),
        )+)+];
    };
    (@rule $action:ident, $on:tt, $coordinator:expr, $representative:expr $(, $others:ident)*) => {
        Rule {
            action: Action::$action,
            on: actions!(@on $on),
            coordinator: $coordinator,
            representative: $representative,
            anyone: actions!(@has anyone $($others)*),
            auditor: actions!(@has auditor $($others)*),
        }
    };
    (@on nothing) => { None };
    (@on $kind:ident) => { Some(SubjectKind::$kind) };
    (@has $wanted:ident) => { false };
    (@has anyone anyone) => { true };
    (@has auditor auditor) => { true };
    (@has $wanted:ident $other:ident) => { false };
}

use Reach::{Anywhere, Appointing, Each, In, Nowhere, OwnPerson};

const HERE: Reach = In(&["x.id"]);
const ABOVE: Reach = In(&["x.parent_id"]);
const GROUP: Reach = In(&["x.group_id"]);
const OF_SEAT: Reach = In(&["s.group_id"]);
const APPOINTER: Reach = In(&["x.appointer_id"]);
const APPOINTER_OF_SEAT: Reach = In(&["s.appointer_id"]);
const EITHER_OF_SEAT: Reach = In(&["s.appointer_id", "s.organisation_id"]);
const ALL_OF_SCHEDULE: Reach = Each("schedule_group p WHERE p.schedule_id = x.id");
const ALL_OF_MEETING: Reach = Each("sitting_group p WHERE p.meeting_id = x.id");
const ANY_OF_MEETING: Reach = Reach::Some("sitting_group p WHERE p.meeting_id = x.id");
const ORGANISATION: Reach = In(&["x.organisation_id"]);
const ORGANISATION_OF_POSITION: Reach = In(&["q.organisation_id"]);
const OWNER: Reach = In(&["x.owner_id"]);
const OWNER_OF_AGREEMENT: Reach = In(&["a.owner_id"]);
const PARTY_OR_OWNER: Reach = In(&["x.organisation_id", "a.owner_id"]);

actions! {
    /// Skapa grupp: make a group; a coordinator, below a group that they keep.
    CreateGroup "createGroup" { nothing: Nowhere, Nowhere; Group: HERE, Nowhere; }
    /// Ändra grupp: change what a group is called, is for and belongs to.
    UpdateGroup "updateGroup" { Group: HERE, Nowhere; }
    /// Avsluta grupp: end a group; a coordinator, below a group that they keep.
    CloseGroup "closeGroup" { Group: ABOVE, Nowhere; }
    /// Relatera grupper: say whom a group serves or succeeds.
    RelateGroups "relateGroups" { Group: HERE, Nowhere; }
    /// Avsluta relation: end a relation of a group.
    EndRelation "endRelation" { GroupRelation: GROUP, Nowhere; }
    /// Skapa organisation: make an organisation; a representative, a unit inside theirs.
    CreateOrganisation "createOrganisation" { nothing: Nowhere, Nowhere; Organisation: Nowhere, HERE; }
    /// Ändra organisation: change an organisation; a representative, a unit inside theirs.
    UpdateOrganisation "updateOrganisation" { Organisation: Nowhere, ABOVE; }
    /// Byta namn: give an organisation another name from a day on; a representative, a unit inside theirs.
    RenameOrganisation "renameOrganisation" { Organisation: Nowhere, ABOVE; }
    /// Slå samman organisationer: let one organisation take over from another.
    MergeOrganisations "mergeOrganisations" { Organisation: Nowhere, Nowhere; }
    /// Avsluta organisation: end an organisation; a representative, a unit inside theirs.
    CloseOrganisation "closeOrganisation" { Organisation: Nowhere, ABOVE; }
    /// Lägga upp person: enter a person.
    CreatePerson "createPerson" { nothing: Anywhere, Anywhere; }
    /// Ändra person: change a person's name and audience.
    UpdatePerson "updatePerson" { Person: Nowhere, OwnPerson; }
    /// Skydda person: hide a person with protected personal data, or show them again.
    ProtectPerson "protectPerson" { Person: Nowhere, Nowhere; }
    /// Slå samman personer: make two entries of one person one.
    MergePeople "mergePeople" { Person: Nowhere, Nowhere; }
    /// Bjuda in person: give a person a code by which they link their sign-in.
    InvitePerson "invitePerson" { Person: Nowhere, OwnPerson; }
    /// Godta inbjudan: link one's own sign-in to a person, by a code.
    AcceptInvitation "acceptInvitation" { nothing: Anywhere, Anywhere, anyone; }
    /// Inrätta befattning: make a position.
    OpenPosition "openPosition" { Organisation: Nowhere, HERE; }
    /// Ändra befattning: change a position.
    UpdatePosition "updatePosition" { Position: Nowhere, ORGANISATION; }
    /// Dra in befattning: end a position.
    ClosePosition "closePosition" { Position: Nowhere, ORGANISATION; }
    /// Tillträda befattning: let a person hold a position from a day on.
    StartTenure "startTenure" { Position: Nowhere, ORGANISATION; }
    /// Ändra innehav: change when a position is held.
    ChangeTenure "changeTenure" { Tenure: Nowhere, ORGANISATION_OF_POSITION; }
    /// Lämna befattning: end a tenure.
    EndTenure "endTenure" { Tenure: Nowhere, ORGANISATION_OF_POSITION; }
    /// Inrätta plats: make a seat in a group.
    OpenSeat "openSeat" { Group: HERE, Nowhere; }
    /// Ändra plats: change a seat.
    UpdateSeat "updateSeat" { Seat: GROUP, Nowhere; }
    /// Dra in plats: end a seat.
    CloseSeat "closeSeat" { Seat: GROUP, Nowhere; }
    /// Utse ledamot: let a person sit on a seat; a representative, on a seat to which they appoint.
    AddMember "addMember" { Seat: GROUP, APPOINTER; Group: HERE, Appointing; }
    /// Ändra medlemskap: change a membership; a representative, on a seat to which they appoint.
    ChangeMembership "changeMembership" { Membership: OF_SEAT, APPOINTER_OF_SEAT; }
    /// Avsluta medlemskap: end a membership; a representative, on a seat that is theirs or to which they appoint.
    EndMembership "endMembership" { Membership: OF_SEAT, EITHER_OF_SEAT; }
    /// Byta ledamot: end one membership and start the next; a representative, on a seat to which they appoint.
    ReplaceMember "replaceMember" { Membership: OF_SEAT, APPOINTER_OF_SEAT; }
    /// Utse ersättare: let a person stand in for a membership; a representative, on a seat to which they appoint.
    AddSubstitution "addSubstitution" { Membership: OF_SEAT, APPOINTER_OF_SEAT; }
    /// Avsluta ersättning: end a substitution; a representative, on a seat that is theirs or to which they appoint.
    EndSubstitution "endSubstitution" { Substitution: OF_SEAT, EITHER_OF_SEAT; }
    /// Lägga upp mötesplan: say when groups meet, again and again.
    CreateSchedule "createSchedule" { Group: HERE, Nowhere; }
    /// Ändra mötesplan: change a plan, and the coming meetings that nobody has touched.
    UpdateSchedule "updateSchedule" { Schedule: ALL_OF_SCHEDULE, Nowhere; }
    /// Avsluta mötesplan: end a plan.
    EndSchedule "endSchedule" { Schedule: ALL_OF_SCHEDULE, Nowhere; }
    /// Planera möte: call groups together once.
    PlanMeeting "planMeeting" { Group: HERE, Nowhere; Schedule: ALL_OF_SCHEDULE, Nowhere; }
    /// Flytta möte: change when or where a meeting is held.
    MoveMeeting "moveMeeting" { Meeting: ALL_OF_MEETING, Nowhere; }
    /// Ställa in möte: a meeting is not held.
    CancelMeeting "cancelMeeting" { Meeting: ALL_OF_MEETING, Nowhere; }
    /// Registrera möte: a meeting has been held.
    RecordMeeting "recordMeeting" { Meeting: ALL_OF_MEETING, Nowhere; }
    /// Registrera närvaro: say who was there, and who is excused.
    RecordAttendance "recordAttendance" { Meeting: ANY_OF_MEETING, Nowhere; }
    /// Skapa kalender: subscribe to meetings by a secret address.
    CreateCalendar "createCalendar" { nothing: Anywhere, Anywhere, anyone; }
    /// Återkalla kalender: let a secret address show nothing more; one's own.
    RevokeCalendar "revokeCalendar" { Calendar: Nowhere, Nowhere, anyone; }
    /// Lägga till kontaktuppgift: say how somebody or something is reached.
    AddContactPoint "addContactPoint" {
        Person: Nowhere, OwnPerson; Organisation: Nowhere, HERE; Position: Nowhere, ORGANISATION; Membership: OF_SEAT, EITHER_OF_SEAT;
        Seat: GROUP, ORGANISATION; Group: HERE, Nowhere; Project: Nowhere, OWNER;
    }
    /// Ändra kontaktuppgift: change how somebody or something is reached.
    UpdateContactPoint "updateContactPoint" {
        Person: Nowhere, OwnPerson; Organisation: Nowhere, HERE; Position: Nowhere, ORGANISATION; Membership: OF_SEAT, EITHER_OF_SEAT;
        Seat: GROUP, ORGANISATION; Group: HERE, Nowhere; Project: Nowhere, OWNER;
    }
    /// Avsluta kontaktuppgift: end how somebody or something is reached.
    RemoveContactPoint "removeContactPoint" {
        Person: Nowhere, OwnPerson; Organisation: Nowhere, HERE; Position: Nowhere, ORGANISATION; Membership: OF_SEAT, EITHER_OF_SEAT;
        Seat: GROUP, ORGANISATION; Group: HERE, Nowhere; Project: Nowhere, OWNER;
    }
    /// Skapa avtal: enter an agreement; a representative, as its owner.
    CreateAgreement "createAgreement" { nothing: Nowhere, Nowhere; Organisation: Nowhere, HERE; }
    /// Ändra avtal: change what an agreement says.
    UpdateAgreement "updateAgreement" { Agreement: Nowhere, OWNER; }
    /// Avsluta avtal: end an agreement, with its parties.
    EndAgreement "endAgreement" { Agreement: Nowhere, OWNER; }
    /// Ansluta till avtal: let an organisation become party to an agreement.
    JoinAgreement "joinAgreement" { Agreement: Nowhere, OWNER; }
    /// Ändra avtalspart: correct what an agreement says of a party.
    ChangeParty "changeParty" { AgreementParty: Nowhere, OWNER_OF_AGREEMENT; }
    /// Säga upp avtal: a party gives notice.
    GiveNotice "giveNotice" { AgreementParty: Nowhere, PARTY_OR_OWNER; }
    /// Lämna avtal: a party leaves.
    LeaveAgreement "leaveAgreement" { AgreementParty: Nowhere, PARTY_OR_OWNER; }
    /// Lägga till uppdrag: say what an agreement asks.
    AddAssignment "addAssignment" { Agreement: Nowhere, OWNER; }
    /// Ändra uppdrag: change what an agreement asks, and of whom.
    UpdateAssignment "updateAssignment" { Assignment: Nowhere, OWNER_OF_AGREEMENT; }
    /// Ta bort uppdrag: take away what an agreement does not ask.
    RemoveAssignment "removeAssignment" { Assignment: Nowhere, OWNER_OF_AGREEMENT; }
    /// Skapa projekt: enter a project; a representative, of theirs.
    CreateProject "createProject" { Organisation: Nowhere, HERE; }
    /// Ändra projekt: change a project, its partners and its indicators.
    UpdateProject "updateProject" { Project: Nowhere, OWNER; }
    /// Registrera evenemang: enter a course, a conference or another occasion.
    RecordEvent "recordEvent" { Group: HERE, Nowhere; Organisation: Nowhere, HERE; }
    /// Ändra evenemang: change an event.
    UpdateEvent "updateEvent" { Event: GROUP, ORGANISATION; }
    /// Ta bort evenemang: take away an event that was not to be.
    RemoveEvent "removeEvent" { Event: GROUP, ORGANISATION; }
    /// Prioritera: say what a group or an organisation puts first.
    RecordPriority "recordPriority" { Group: HERE, Nowhere; Organisation: Nowhere, HERE; }
    /// Ändra prioritering: change what is put first.
    UpdatePriority "updatePriority" { Priority: GROUP, ORGANISATION; }
    /// Ta bort prioritering: take away what was never put first.
    RemovePriority "removePriority" { Priority: GROUP, ORGANISATION; }
    /// Lägga till balanspost: put something on the list of what to come back to.
    RecordFollowUpItem "recordFollowUpItem" { Group: HERE, Nowhere; Organisation: Nowhere, HERE; }
    /// Ändra balanspost: change what to come back to.
    UpdateFollowUpItem "updateFollowUpItem" { FollowUpItem: GROUP, ORGANISATION; }
    /// Ta bort balanspost: take away what was not to be on the list.
    RemoveFollowUpItem "removeFollowUpItem" { FollowUpItem: GROUP, ORGANISATION; }
    /// Registrera aktivitet: say what a group or an organisation has done.
    RecordActivity "recordActivity" { Group: HERE, Nowhere; Organisation: Nowhere, HERE; }
    /// Ändra aktivitet: change what has been done.
    UpdateActivity "updateActivity" { Activity: GROUP, ORGANISATION; }
    /// Ta bort aktivitet: take away what has not been done.
    RemoveActivity "removeActivity" { Activity: GROUP, ORGANISATION; }
    /// Registrera resultat: say what came of it.
    RecordResult "recordResult" { Group: HERE, Nowhere; Organisation: Nowhere, HERE; }
    /// Ändra resultat: change what came of it.
    UpdateResult "updateResult" { Result: GROUP, ORGANISATION; }
    /// Ta bort resultat: take away what did not come of it.
    RemoveResult "removeResult" { Result: GROUP, ORGANISATION; }
    /// Registrera uppgift: state a number.
    RecordFigure "recordFigure" {
        Group: HERE, Nowhere; Organisation: Nowhere, HERE; Project: Nowhere, OWNER; Event: GROUP, ORGANISATION;
        Activity: GROUP, ORGANISATION; Result: GROUP, ORGANISATION;
    }
    /// Rätta uppgift: correct a number that is stated.
    ChangeFigure "changeFigure" {
        Group: HERE, Nowhere; Organisation: Nowhere, HERE; Project: Nowhere, OWNER; Event: GROUP, ORGANISATION;
        Activity: GROUP, ORGANISATION; Result: GROUP, ORGANISATION;
    }
    /// Ta bort uppgift: take away a number.
    RemoveFigure "removeFigure" {
        Group: HERE, Nowhere; Organisation: Nowhere, HERE; Project: Nowhere, OWNER; Event: GROUP, ORGANISATION;
        Activity: GROUP, ORGANISATION; Result: GROUP, ORGANISATION;
    }
    /// Lägga upp dokument: enter a document that sources quote.
    CreateDocument "createDocument" { nothing: Anywhere, Anywhere; }
    /// Ändra dokument: change what is known of a document.
    UpdateDocument "updateDocument" { Document: Nowhere, Nowhere; }
    /// Ge behörighet: let an identity do something somewhere.
    GrantRole "grantRole" { nothing: Nowhere, Nowhere; }
    /// Återkalla behörighet: end a grant.
    RevokeRole "revokeRole" { Grant: Nowhere, Nowhere; }
    /// Koppla identitet: say whose sign-in an identity is.
    LinkIdentity "linkIdentity" { Identity: Nowhere, Nowhere; }
    /// Läsa ändringar: read the whole trail.
    ReadChanges "changes" { nothing: Nowhere, Nowhere, auditor; }
    /// Läsa schemat: ask what the API offers (introspection), where that is not for everybody.
    ReadSchema "__schema" { nothing: Nowhere, Nowhere, auditor; }
    /// Läsa behörigheter: read who may do what.
    ReadGrants "grants" { nothing: Nowhere, Nowhere, auditor; }
}

impl Rule {
    /// Whether the action changes its subject itself, rather than adding something to it.
    pub fn changes_it(&self) -> bool {
        ["update", "change", "end", "rename", "move"].iter().any(|start| self.action.verb().starts_with(start))
    }
}

impl Action {
    /// The rules of the action, one for each kind of subject.
    pub fn rules(self) -> impl Iterator<Item = &'static Rule> {
        RULES.iter().filter(move |rule| rule.action == self)
    }

    /// All actions.
    pub fn all() -> impl Iterator<Item = Action> {
        Self::items().iter().map(|item| item.value)
    }
}
