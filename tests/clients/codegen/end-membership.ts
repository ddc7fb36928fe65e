// A mutation, and what each of its typed errors has to say.
import { graphql } from "./generated";
import type { EndMembershipMutation } from "./generated/graphql";

export const EndMembership = graphql(`
  mutation EndMembership($input: EndMembershipInput!) {
    endMembership(input: $input) {
      membership {
        id
        version
        period {
          lastDay
        }
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
        }
        ... on NotAllowed {
          roles
        }
        ... on RuleBroken {
          remedy
        }
      }
    }
  }
`);

type Failure = EndMembershipMutation["endMembership"]["errors"][number];

/** What the page says; it does not compile when there is an error that it does not know. */
export function explain(failure: Failure): string {
  switch (failure.__typename) {
    case "VersionConflict":
      return `${failure.message} (${failure.currentVersion.toFixed()})`;
    case "NotAllowed":
      return `${failure.message}: ${failure.roles.join(", ")}`;
    case "RuleBroken":
      return `${failure.message}. ${failure.remedy}`;
    case "NotFound":
    case "InvalidInput":
    case "KeyReused":
      return failure.message;
    default:
      return failure satisfies never;
  }
}
