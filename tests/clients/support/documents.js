// What the clients ask: lists to page through, a change, and a request that is refused.

export const MEMBERSHIPS = /* GraphQL */ `
  query Memberships($first: Int!, $after: String) {
    memberships(first: $first, after: $after) {
      totalCount
      edges {
        cursor
        node {
          id
          role
          person {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const GROUP_SEATS = /* GraphQL */ `
  query GroupSeats($slug: String!, $first: Int!, $after: String) {
    group(by: { slug: $slug }) {
      id
      name
      seats(first: $first, after: $after) {
        totalCount
        edges {
          node {
            id
            role
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

export const GROUP = /* GraphQL */ `
  query Group($slug: String!) {
    group(by: { slug: $slug }) {
      id
      purpose
      version
    }
  }
`;

export const UPDATE_GROUP = /* GraphQL */ `
  mutation UpdateGroup($input: UpdateGroupInput!) {
    updateGroup(input: $input) {
      group {
        id
        purpose
        version
      }
      change {
        id
      }
      errors {
        __typename
        ... on UserError {
          message
          code
          path
        }
        ... on VersionConflict {
          currentVersion
          current {
            id
            ... on Group {
              version
            }
          }
        }
      }
    }
  }
`;

/** How the mutations that each client makes in turn are answered: the first changes the group, the second comes too late. */
export function changes({ id, version }) {
  const input = { group: id, expectedVersion: version, purpose: `Ändrad från version ${version}` };
  const conflict = {
    __typename: "VersionConflict",
    code: "VERSION_CONFLICT",
    currentVersion: version + 1,
    path: ["input", "expectedVersion"],
  };
  return { input, changed: { id, purpose: input.purpose, version: version + 1 }, conflict };
}
