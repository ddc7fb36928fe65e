//! Relay's connections.

use async_graphql::{Context, Object, OutputType, SimpleObject};

use super::activity::Activity;
use super::agreement::{Agreement, Assignment};
use super::attendance::{Attendance, Expected};
use super::change::Change;
use super::event::Event;
use super::figure::Figure;
use super::follow_up_item::FollowUpItem;
use super::grant::Grant;
use super::group::Group;
use super::identity::Identity;
use super::meeting::Meeting;
use super::meeting_invitation::MeetingInvitation;
use super::membership::Membership;
use super::organisation::Organisation;
use super::person::Person;
use super::position::Position;
use super::priority::Priority;
use super::project::Project;
use super::result::ResultItem;
use super::row::Row;
use super::schedule::Schedule;
use super::search::SearchResult;
use super::seat::Seat;
use super::source::Document;
use super::tenure::Tenure;
use crate::domain::page::{Page, Slice};
use crate::error::Error;

/// Where a page stands in its list.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether the list goes on after this page. When paging backward: whether a cursor was given to page from.
    pub has_next_page: bool,
    /// Whether the list goes on before this page. When paging forward: whether a cursor was given to page from.
    pub has_previous_page: bool,
    /// The cursor of the first row on the page.
    pub start_cursor: Option<String>,
    /// The cursor of the last row on the page.
    pub end_cursor: Option<String>,
}

/// A page of a list.
pub struct Connection<T> {
    edges: Vec<Edge<T>>,
    has_next: bool,
    has_previous: bool,
    total: Option<u64>,
}

/// A row on a page, and where it stands.
pub struct Edge<T> {
    cursor: String,
    node: T,
}

impl<T> Connection<T> {
    /// A page of rows, as a page of objects.
    pub fn of<S>(slice: Slice<Row<S>>) -> Self
    where
        T: From<Row<S>>,
    {
        Self::with(slice, T::from)
    }

    /// A page of rows, each made an object.
    pub fn with<S>(slice: Slice<S>, object: impl Fn(S) -> T) -> Self {
        let edges = slice.rows.into_iter().map(|(cursor, row)| Edge { cursor, node: object(row) }).collect();
        Self { edges, has_next: slice.has_next, has_previous: slice.has_previous, total: slice.total }
    }
}

macro_rules! pages_of {
    ($($connection:literal $edge:literal $node:ident,)+) => {
        /// A page of a list.
        #[Object($(concrete(name = $connection, params($node))),+)]
        impl<T: OutputType> Connection<T>
        where
            Edge<T>: OutputType,
        {
            /// The rows, each with its cursor.
            async fn edges(&self) -> &[Edge<T>] {
                &self.edges
            }

            /// The rows.
            async fn nodes(&self) -> Vec<&T> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }

            /// Where the page stands in the list.
            async fn page_info(&self) -> PageInfo {
                PageInfo {
                    has_next_page: self.has_next,
                    has_previous_page: self.has_previous,
                    start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
                    end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
                }
            }

            /// How many rows the whole list has. Counted only when asked for.
            async fn total_count(&self) -> Result<i32, Error> {
                let total = self.total.and_then(|total| i32::try_from(total).ok());
                total.ok_or_else(|| Error::Internal("the rows were not counted".to_owned()))
            }
        }

        /// A row on a page, and where it stands.
        #[Object($(concrete(name = $edge, params($node))),+)]
        impl<T: OutputType> Edge<T> {
            /// Where the row stands; for `after` and `before`.
            async fn cursor(&self) -> &str {
                &self.cursor
            }

            /// The row.
            async fn node(&self) -> &T {
                &self.node
            }
        }
    };
}

pages_of! {
    "ActivityConnection" "ActivityEdge" Activity,
    "AgreementConnection" "AgreementEdge" Agreement,
    "AssignmentConnection" "AssignmentEdge" Assignment,
    "AttendanceConnection" "AttendanceEdge" Attendance,
    "ChangeConnection" "ChangeEdge" Change,
    "DocumentConnection" "DocumentEdge" Document,
    "EventConnection" "EventEdge" Event,
    "ExpectedConnection" "ExpectedEdge" Expected,
    "FigureConnection" "FigureEdge" Figure,
    "FollowUpItemConnection" "FollowUpItemEdge" FollowUpItem,
    "GrantConnection" "GrantEdge" Grant,
    "GroupConnection" "GroupEdge" Group,
    "IdentityConnection" "IdentityEdge" Identity,
    "MeetingConnection" "MeetingEdge" Meeting,
    "MeetingInvitationConnection" "MeetingInvitationEdge" MeetingInvitation,
    "MembershipConnection" "MembershipEdge" Membership,
    "OrganisationConnection" "OrganisationEdge" Organisation,
    "PersonConnection" "PersonEdge" Person,
    "PositionConnection" "PositionEdge" Position,
    "PriorityConnection" "PriorityEdge" Priority,
    "ProjectConnection" "ProjectEdge" Project,
    "ResultConnection" "ResultEdge" ResultItem,
    "ScheduleConnection" "ScheduleEdge" Schedule,
    "SearchResultConnection" "SearchResultEdge" SearchResult,
    "SeatConnection" "SeatEdge" Seat,
    "TenureConnection" "TenureEdge" Tenure,
}

/// Relay's arguments: how many from the start, and after which cursor; how many from the end, and before which.
pub type Ways = ((Option<i32>, Option<String>), (Option<i32>, Option<String>));

/// The page that a field's arguments ask for, with what is selected beside its rows.
pub fn page(ctx: &Context<'_>, (forward, backward): Ways) -> Result<Page, Error> {
    let mut page = Page::new(forward, backward)?;
    for field in ctx.field().selection_set() {
        page.count |= field.name() == "totalCount";
        page.placed |= matches!(field.name(), "edges" | "pageInfo");
    }
    Ok(page)
}

/// Declares the lists that belong to an object, each a connection field with Relay's arguments beside its own:
///
/// ```text
/// connections! {
///     GroupLists of group::Row {
///         /// The description.
///         subgroups(filter: GroupFilter = "Which of them.") -> Group by group::subgroups;
///     }
/// }
/// ```
///
/// The finder takes the view, the ids of the objects, the field's own arguments as options, and the page.
macro_rules! connections {
    ($holder:ident of $row:ty { $(
        $(#[doc = $doc:literal])+
        $name:ident ( $($argument:ident : $kind:ty = $about:literal),* ) -> $node:ident by $find:path;
    )+ }) => {
        /// The object's lists, flattened into it.
        pub struct $holder(crate::graphql::row::Row<$row>);

        #[async_graphql::Object]
        impl $holder {
            $(
                $(#[doc = $doc])+
                async fn $name(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    $(#[graphql(desc = $about)] $argument: Option<$kind>,)*
                    #[graphql(desc = "At most this many, from the start; at most 100, 25 when neither first nor last is given.")]
                    first: Option<i32>,
                    #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
                    #[graphql(desc = "At most this many, from the end; at most 100.")] last: Option<i32>,
                    #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
                ) -> Result<crate::graphql::connection::Connection<$node>, crate::error::Error> {
                    let find = move |view, ids, page| $find(view, ids, $($argument,)* page);
                    self.0.page(ctx, ((first, after), (last, before)), find).await
                }
            )+
        }
    };
}
pub(super) use connections;
