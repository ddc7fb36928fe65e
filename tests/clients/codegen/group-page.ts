// A page about a group: what it is, and its members, page by page.
import { type FragmentType, graphql, useFragment } from "./generated";

export const MemberRow = graphql(`
  fragment MemberRow on Membership {
    id
    role
    person {
      id
      name
    }
    onBehalfOf {
      name
    }
    period {
      from
      lastDay
      state
    }
    contactPoints {
      kind
      text
    }
  }
`);

export const GroupPage = graphql(`
  query GroupPage($slug: String!, $asOf: Date, $members: Int!, $after: String, $filter: MemberFilter) {
    viewer {
      changeCursor
    }
    group(by: { slug: $slug }, asOf: $asOf) {
      id
      name
      kind
      calendarUrl
      nextMeeting {
        startsAt
      }
      members(first: $members, after: $after, filter: $filter) {
        totalCount
        nodes {
          id
          ...MemberRow
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const Search = graphql(`
  query Search($text: String!) {
    search(text: $text, first: 10) {
      nodes {
        __typename
        ... on Group {
          name
          slug
        }
        ... on Person {
          familyName
        }
      }
    }
  }
`);

/** A line for a member: types say what may be missing. */
export function line(row: FragmentType<typeof MemberRow>): string {
  const { person, onBehalfOf, period, contactPoints } = useFragment(MemberRow, row);
  const since: string = period.from ?? "–";
  const reached = contactPoints.filter(({ kind }) => kind === "EMAIL").map(({ text }) => text);
  return [person.name, onBehalfOf?.name ?? "", since, ...reached].join(", ");
}
