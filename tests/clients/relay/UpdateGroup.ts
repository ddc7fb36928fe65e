// A mutation: what has changed reaches the store by its id, and what went wrong says what.
import { graphql, useMutation } from "react-relay";
import type { UpdateGroupMutation } from "./generated/UpdateGroupMutation.graphql";

export function useUpdateGroup(say: (text: string) => void) {
  const [commit] = useMutation<UpdateGroupMutation>(graphql`
    mutation UpdateGroupMutation($input: UpdateGroupInput!) {
      updateGroup(input: $input) {
        group {
          id
          purpose
          version
        }
        errors {
          __typename
          ... on UserError {
            message
            code
          }
          ... on VersionConflict {
            currentVersion
            current {
              id
              ...GroupPageHead @alias(as: "head")
            }
          }
        }
      }
    }
  `);
  return (group: string, expectedVersion: number, purpose: string | null) =>
    commit({
      variables: { input: { group, expectedVersion, purpose } },
      onCompleted({ updateGroup: { errors } }) {
        errors.forEach(({ message, currentVersion }) => say(`${message ?? ""} ${currentVersion?.toFixed() ?? ""}`));
      },
    });
}
