use async_graphql::Enum;

use super::Said;

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident $name:literal: $english:literal $swedish:literal; $do_english:literal $do_swedish:literal.)+) => {
        /// A rule of the directory. Most are held by the database, under the same name.
        #[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule { $($(#[$doc])* $rule,)+ }

        impl Rule {
            /// The rule that a constraint or a trigger of the database holds.
            pub fn named(name: &str) -> Self {
                match name {
                    $($name => Self::$rule,)+
                    name if name.ends_with("_slug_key") => Self::SlugTaken,
                    name if name.ends_with("_fkey") => Self::ReferenceMissing,
                    name if name.ends_with("_period") => Self::PeriodEmpty,
                    _ => Self::Other,
                }
            }

            /// What is wrong when it is broken.
            pub fn said(self) -> Said {
                match self { $(Self::$rule => Said::both($english, $swedish),)+ }
            }

            /// What to do then.
            pub fn remedy(self) -> Said {
                match self { $(Self::$rule => Said::both($do_english, $do_swedish),)+ }
            }
        }
    };
}

rules! {
    /// Platser: never more members than the seat's capacity on any day.
    SeatCapacity "seat_capacity":
        "on some day the seat would have more members than its capacity" "platsen skulle någon dag få fler ledamöter än den rymmer";
        "end another membership first, replace the member, or raise the seat's capacity"
        "avsluta ett annat medlemskap först, byt ut ledamoten eller höj platsens antal".
    /// Dubbelt medlemskap: the same person never twice on one seat at once.
    MembershipTwice "membership_twice":
        "the person already sits on this seat during that time" "personen sitter redan på platsen under den tiden";
        "change the membership that is there, or choose a period that does not touch it"
        "ändra det medlemskap som finns eller välj en period som inte berör det".
    /// Medlemskap inom platsen: a membership lies inside the period of its seat.
    MembershipOutsideSeat "membership_outside_seat":
        "a membership lies inside the period of its seat" "ett medlemskap ligger inom platsens period";
        "choose days on which the seat exists; a closed group or seat takes nobody"
        "välj dagar då platsen finns; en avslutad grupp eller plats tar inte emot någon".
    /// Medlemskap inom organisationen: nobody sits for an organisation that does not exist.
    MembershipOutsideOrganisation "membership_outside_organisation":
        "a membership lies inside the period of the organisation that it is on behalf of"
        "ett medlemskap ligger inom perioden för den organisation som det gäller";
        "choose days on which the organisation exists, or its successor" "välj dagar då organisationen finns, eller dess efterföljare".
    /// Plats inom gruppen: a seat lies inside the period of its group.
    SeatOutsideGroup "seat_outside_group":
        "a seat lies inside the period of its group" "en plats ligger inom gruppens period";
        "choose days on which the group exists" "välj dagar då gruppen finns".
    /// Plats inom organisationen: a seat lies inside the period of its organisation.
    SeatOutsideOrganisation "seat_outside_organisation":
        "a seat lies inside the period of its organisation" "en plats ligger inom organisationens period";
        "choose days on which the organisation exists, or its successor" "välj dagar då organisationen finns, eller dess efterföljare".
    /// Ersättning inom medlemskapet: a substitution lies inside the period of its membership.
    SubstitutionOutsideMembership "substitution_outside_membership":
        "a substitution lies inside the period of the membership it stands in for"
        "en ersättning ligger inom perioden för det medlemskap som den gäller";
        "choose days on which the membership holds" "välj dagar då medlemskapet gäller".
    /// Innehav inom befattningen: a tenure lies inside the period of its position.
    TenureOutsidePosition "tenure_outside_position":
        "a tenure lies inside the period of its position" "ett innehav ligger inom befattningens period";
        "choose days on which the position exists" "välj dagar då befattningen finns".
    /// Befattning inom organisationen: a position lies inside the period of its organisation.
    PositionOutsideOrganisation "position_outside_organisation":
        "a position lies inside the period of its organisation" "en befattning ligger inom organisationens period";
        "choose days on which the organisation exists, or its successor" "välj dagar då organisationen finns, eller dess efterföljare".
    /// En innehavare: a position has one holder at a time.
    PositionOneHolder "position_one_holder":
        "somebody else holds the position during that time" "någon annan innehar befattningen under den tiden";
        "end that tenure first, or take over from it" "avsluta det innehavet först eller ta över från det".
    /// Grupp i cirkel: a group never lies below itself.
    GroupCycle "group_cycle":
        "a group cannot lie below itself" "en grupp kan inte ligga under sig själv";
        "choose a parent that does not lie below the group" "välj en överordnad grupp som inte ligger under gruppen".
    /// Organisation i cirkel: an organisation is never part of itself.
    OrganisationCycle "organisation_cycle":
        "an organisation cannot be part of itself" "en organisation kan inte vara en del av sig själv";
        "choose a parent that is not part of the organisation" "välj en överordnad organisation som inte är en del av organisationen".
    /// Efterföljare i cirkel: an organisation never succeeds itself.
    OrganisationSuccessorCycle "organisation_successor_cycle":
        "an organisation cannot succeed itself" "en organisation kan inte efterträda sig själv";
        "choose a successor that came after it" "välj en efterföljare som kom efter den".
    /// Upptaget organisationsnummer: a number belongs to one organisation at a time.
    OrganisationNumberTaken "organisation_number_taken":
        "another organisation has this number at the same time" "en annan organisation har numret samtidigt";
        "check the number, or close the other organisation first" "kontrollera numret eller avsluta den andra organisationen först".
    /// Enhet utan organisation: a unit is part of an organisation.
    UnitHasParent "organisation_unit_has_parent":
        "a unit is part of an organisation" "en enhet är en del av en organisation"; "say which: parent" "ange vilken: parent".
    /// Upptaget kortnamn i adress: a slug names one thing.
    SlugTaken "slug_taken":
        "the slug is taken" "adressnamnet är upptaget"; "choose another" "välj ett annat".
    /// Antal minst ett: a seat takes at least one member.
    SeatCapacityPositive "seat_capacity_positive":
        "a capacity is at least 1" "ett antal är minst 1";
        "leave it out for an open network, or close the seat" "utelämna det för ett öppet nätverk eller avsluta platsen".
    /// Befattning på självskriven plats: a seat names a position when, and only when, it is filled ex officio.
    SeatExOfficioPosition "seat_ex_officio_position":
        "a seat names a position when, and only when, it is filled ex officio"
        "en plats anger en befattning när, och bara när, den är självskriven";
        "give fill EX_OFFICIO and position together" "ange fill EX_OFFICIO och position tillsammans".
    /// Självskriven plats: who holds the position sits on the seat, and nobody else.
    SeatGoesWithPosition "seat_goes_with_position":
        "the seat goes with a position: who holds the position sits on it" "platsen följer en befattning: den som innehar befattningen sitter på den";
        "start or end a tenure of the position" "inled eller avsluta ett innehav av befattningen".
    /// Organisation utan namn: an organisation has a name.
    OrganisationNameMissing "organisation_name_missing":
        "an organisation has a name" "en organisation har ett namn"; "give one" "ange ett".
    /// Glapp mellan namn: each name ends on the day on which the next begins.
    OrganisationNamesWithGaps "organisation_names_with_gaps":
        "each name of an organisation ends on the day on which the next begins" "varje namn på en organisation upphör den dag då nästa börjar";
        "choose days without gaps" "välj dagar utan glapp".
    /// Avtal i cirkel: an agreement never lies under itself.
    AgreementCycle "agreement_cycle":
        "an agreement cannot lie under itself" "ett avtal kan inte ligga under sig självt";
        "choose a parent that does not lie under the agreement" "välj ett överordnat avtal som inte ligger under avtalet".
    /// Dubbel part: an organisation is party to an agreement once at a time.
    AgreementPartyTwice "agreement_party_twice":
        "the organisation is party to the agreement already during that time" "organisationen är redan part i avtalet under den tiden";
        "change the party that is there, or choose a period that does not touch it"
        "ändra den part som finns eller välj en period som inte berör den".
    /// Part inom avtalet: nobody is party to an agreement that does not hold.
    AgreementPartyOutsideAgreement "agreement_party_outside_agreement":
        "an organisation is party to an agreement only while it holds" "en organisation är part i ett avtal bara medan det gäller";
        "choose days on which the agreement holds, or change its period" "välj dagar då avtalet gäller eller ändra dess period".
    /// Part inom organisationen: an organisation that does not exist is party to nothing.
    AgreementPartyOutsideOrganisation "agreement_party_outside_organisation":
        "an organisation is party to an agreement only while it exists" "en organisation är part i ett avtal bara medan den finns";
        "choose days on which the organisation exists, or its successor" "välj dagar då organisationen finns, eller dess efterföljare".
    /// Uppsägning som part: who gives notice has joined and not left yet.
    AgreementPartyNoticeWithin "agreement_party_notice_within":
        "who gives notice has joined and not left yet" "den som säger upp har anslutit sig och inte lämnat än";
        "choose a day within the time as a party" "välj en dag inom tiden som part".
    /// Redan uppsagt: a party gives notice once.
    AgreementPartyNoticeGiven "agreement_party_notice_given":
        "the party has given notice already" "parten har redan sagt upp avtalet";
        "correct the party where the day is wrong" "rätta parten om dagen är fel".
    /// Uppdrag i bruk: what is done under an assignment stays under it.
    AssignmentInUse "assignment_in_use":
        "something is done under the assignment" "något görs inom uppdraget";
        "move it to another assignment first, or to none" "flytta det till ett annat uppdrag först, eller till inget".
    /// Andel: a share lies between 0 and 100 percent.
    ProjectCofinancingShare "project_cofinancing_share":
        "a share lies between 0 and 100 percent" "en andel ligger mellan 0 och 100 procent"; "check the number" "kontrollera talet".
    /// Belopp: amounts are not negative, and what is granted is within the budget.
    ProjectAmounts "project_amounts":
        "amounts are at least 0, and no more is granted than the whole budget"
        "belopp är minst 0, och det beviljade stödet är högst hela budgeten"; "check the amounts" "kontrollera beloppen".
    /// Kommun en gång: a project is run in a municipality once.
    ProjectMunicipalityOnce "project_municipality_once":
        "the municipality stands there already" "kommunen står där redan"; "name it once" "ange den en gång".
    /// Ingen kommun: a project is run in municipalities.
    ProjectMunicipalityKind "project_municipality_kind":
        "this organisation is no municipality" "den här organisationen är ingen kommun";
        "name a municipality; others are partners" "ange en kommun; andra är samarbetspartner".
    /// Indikator: numbers of an indicator are not negative.
    IndicatorNotNegative "indicator_not_negative":
        "a number is at least 0" "ett tal är minst 0"; "check the numbers" "kontrollera talen".
    /// Kvinnor och män: together not more than the outcome.
    IndicatorWomenMen "indicator_women_men":
        "women and men are together not more than the outcome" "kvinnor och män är tillsammans inte fler än utfallet";
        "check the numbers, or give the outcome" "kontrollera talen, eller ange utfallet".
    /// Spann: a range ends above where it begins.
    FigureRange "figure_range":
        "a range ends above where it begins" "ett spann slutar högre än det börjar"; "check the numbers" "kontrollera talen".
    /// Upptagen beteckning: a number in a series is that of one thing.
    ReferenceTaken "reference_series_number_key":
        "something else has this reference" "något annat har den här beteckningen";
        "check the number" "kontrollera numret".
    /// Möte utan del: a meeting has at least one sitting.
    MeetingSittingMissing "meeting_sitting_missing":
        "a meeting has at least one sitting" "ett möte har minst en sammanträdesdel"; "give one" "ange en".
    /// Mötets längd: a meeting lasts at most 32 days.
    MeetingLength "meeting_length":
        "a meeting lasts at most 32 days" "ett möte varar högst 32 dagar"; "divide it" "dela upp det".
    /// Möte inom gruppen: a group meets only while it exists.
    MeetingOutsideGroup "meeting_outside_group":
        "a group meets only while it exists" "en grupp sammanträder bara medan den finns";
        "choose a day on which the group exists" "välj en dag då gruppen finns".
    /// Möte som inte är planerat: what has been held or cancelled stays as it was.
    MeetingNotPlanned "meeting_not_planned":
        "the meeting has been held or cancelled" "mötet är hållet eller inställt"; "plan another one" "planera ett nytt".
    /// Mötesplan utan slut: a recurrence ends.
    ScheduleEndless "schedule_endless":
        "the recurrence never ends" "återkomsten tar aldrig slut";
        "give the schedule an end, or the rule COUNT or UNTIL" "ge mötesplanen ett slut eller regeln COUNT eller UNTIL".
    /// För lång mötesplan: a schedule plans at most 200 meetings, in at most 10 years.
    ScheduleTooLong "schedule_too_long":
        "a schedule plans at most 200 meetings, in at most 10 years" "en mötesplan rymmer högst 200 möten under högst 10 år";
        "choose an earlier end" "välj ett tidigare slut".
    /// Mötesplan utan dagar: a recurrence gives some day.
    ScheduleEmpty "schedule_empty":
        "the recurrence gives no day in the schedule's period" "återkomsten ger ingen dag under mötesplanens tid";
        "check the rule and the period" "kontrollera regeln och perioden".
    /// En plan: a schedule has a recurrence or a number a year, not both.
    ScheduleOnePlan "schedule_one_plan":
        "a schedule has a recurrence or a number a year, not both" "en mötesplan har en återkommande regel eller ett antal per år, inte båda";
        "choose one" "välj en av dem".
    /// Krock: sittings of one group do not overlap.
    SittingOverlap "sitting_overlap":
        "the group already has a sitting at that time" "gruppen har redan ett sammanträde då"; "choose another time" "välj en annan tid".
    /// Dubbel behörighet: nobody has the same right in the same place twice at once.
    GrantTwice "grant_twice":
        "the identity already has this role there during that time" "identiteten har redan rollen där under den tiden";
        "change nothing, or choose a period that does not touch it" "ändra ingenting eller välj en period som inte berör den".
    /// Sista administratören: there is always an administrator whose grant has no end.
    LastAdministrator "last_administrator":
        "the directory would be without an administrator" "katalogen skulle bli utan administratör";
        "make somebody else an administrator without an end first" "gör någon annan till administratör utan slutdatum först".
    /// Rollens plats: a coordinator is one of a group, a representative one of an organisation, others of nothing.
    GrantScope "grant_scope":
        "a coordinator is one of a group, a representative one of an organisation, and other roles have no place"
        "en samordnare är det för en grupp, ett ombud för en organisation och andra roller har ingen plats";
        "give the group or the organisation that the role needs" "ange den grupp eller organisation som rollen behöver".
    /// Tom period: a period ends after it begins.
    PeriodEmpty "period_empty":
        "the period would end before or when it begins" "perioden skulle sluta innan eller när den börjar";
        "choose a later end, or an earlier beginning" "välj ett senare slut eller en tidigare början".
    /// Redan använd: an invitation is accepted once, and in time.
    InvitationSpent "invitation_spent":
        "the invitation has been used, or its time is over" "inbjudan är använd eller har gått ut"; "ask for a new one" "be om en ny".
    /// Redan länkad: an identity is one person's.
    IdentityLinked "identity_linked":
        "the identity is linked to another person" "identiteten är kopplad till en annan person";
        "ask an administrator to unlink it first" "be en administratör ta bort kopplingen först".
    /// Ett mål: a relation leads to a group or to an organisation.
    GroupRelationOneTarget "group_relation_one_target":
        "a relation leads to a group or to an organisation, not to both" "en relation leder till en grupp eller en organisation, inte båda";
        "choose one" "välj en av dem".
    /// Samma: a thing cannot be merged into itself.
    MergeWithItself "merge_with_itself":
        "a thing cannot be merged into itself" "något kan inte slås samman med sig självt"; "choose two" "välj två".
    /// Relation inom gruppen: a group serves and is served only while it exists.
    GroupRelationOutsideGroup "group_relation_outside_group":
        "a group serves and is served only while it exists" "en grupp är styrgrupp, eller har en, bara medan den finns";
        "choose days on which both groups exist" "välj dagar då båda grupperna finns".
    /// Dubbel relation: a group never relates twice to the same in the same way at once.
    GroupRelationTwice "group_relation_twice":
        "the group already has this relation during that time" "gruppen har redan relationen under den tiden";
        "change nothing, or choose a period that does not touch it" "ändra ingenting eller välj en period som inte berör den".
    /// Relation till sig själv: a group relates to others only.
    GroupRelationToItself "group_relation_to_itself":
        "a group cannot relate to itself" "en grupp kan inte ha en relation till sig själv";
        "choose another group" "välj en annan grupp".
    /// Mötesplan inom gruppen: a schedule lies inside the period of its groups.
    ScheduleOutsideGroup "schedule_outside_group":
        "a schedule begins and ends while a group of it exists" "en mötesplan börjar och slutar medan någon av dess grupper finns";
        "choose other days, or change the schedule first" "välj andra dagar eller ändra mötesplanen först".
    /// Plats som följt befattningen: who has sat by a position has sat there.
    SeatHasHistory "seat_has_history":
        "people have sat on the seat by its position" "personer har suttit på platsen genom befattningen";
        "close the seat and open another" "avsluta platsen och inrätta en annan".
    /// Saknad referens: something refers to what is not there.
    ReferenceMissing "reference_missing":
        "this refers to something that is not there" "detta hänvisar till något som inte finns"; "check the ids" "kontrollera id:na".
    /// Ändringsspåret: the trail of changes is only ever added to.
    ChangeAppendOnly "change_append_only":
        "the trail of changes is only ever added to" "ändringsspåret kan bara byggas på"; "make a new change" "gör en ny ändring".
    /// Annan regel: one that has no name of its own.
    Other "other":
        "this breaks a rule of the directory" "detta bryter mot en regel i katalogen"; "check the input" "kontrollera uppgifterna".
    /// Enhet inom organisationen: a unit ends with the organisation that it is part of.
    UnitOutlastsOrganisation "organisation_unit_outlasts":
        "a unit ends with the organisation that it is part of" "en enhet upphör med den organisation som den är en del av";
        "choose an earlier end, or another parent" "välj ett tidigare slut eller en annan överordnad organisation".
    /// Namn inom organisationen: a name begins on a day on which the organisation exists.
    NameOutsideOrganisation "organisation_name_outside_organisation":
        "a name begins on a day on which the organisation exists" "ett namn börjar en dag då organisationen finns";
        "choose such a day, or correct the name that is there" "välj en sådan dag eller rätta det namn som finns".
    /// Sammanslagning mellan bestående: organisations are merged on a day on which they exist.
    MergeOutsidePeriod "merge_outside_period":
        "organisations are merged on a day on which they exist" "organisationer slås samman en dag då de finns";
        "choose another day, or change the period of the organisation" "välj en annan dag eller ändra organisationens period".
    /// Kontaktuppgift inom sin tid: how something is reached ends with it.
    ContactPointOutsideSubject "contact_point_outside_subject":
        "how something is reached ends with it" "en kontaktuppgift upphör med det som den gäller";
        "take away the contact point that would begin later" "ta bort kontaktuppgiften som skulle börja senare".
}
