// A page about a group, in the parts that Relay makes of it.
import {
  graphql,
  useFragment,
  useLazyLoadQuery,
  usePaginationFragment,
  useRefetchableFragment,
  useSubscription,
} from "react-relay";
import type { GroupPageHead$key } from "./generated/GroupPageHead.graphql";
import type { GroupPageMember$key } from "./generated/GroupPageMember.graphql";
import type { GroupPageMembers$key } from "./generated/GroupPageMembers.graphql";
import type { GroupPageMembersPagination } from "./generated/GroupPageMembersPagination.graphql";
import type { GroupPageHeadRefetch } from "./generated/GroupPageHeadRefetch.graphql";
import type { GroupPageQuery } from "./generated/GroupPageQuery.graphql";
import type { GroupPageSubscription } from "./generated/GroupPageSubscription.graphql";

export function useGroupPage(slug: string) {
  const { group } = useLazyLoadQuery<GroupPageQuery>(
    graphql`
      query GroupPageQuery($slug: String!, $members: Int!) {
        group(by: { slug: $slug }) {
          id
          ...GroupPageHead
          ...GroupPageMembers @arguments(first: $members)
        }
      }
    `,
    { slug, members: 25 },
  );
  return group;
}

/** What others change, as they do. */
export function useNews(group: string, since: string, say: (verb: string | undefined) => void) {
  useSubscription<GroupPageSubscription>({
    subscription: graphql`
      subscription GroupPageSubscription($group: ID!, $since: ID) {
        changed(groups: [$group], since: $since) {
          cursor
          groups {
            ...GroupPageHead
          }
          subject {
            ...GroupPageMember @alias(as: "member")
          }
          change {
            verb
          }
        }
      }
    `,
    variables: { group, since },
    onNext: (event) => say(event?.changed.change?.verb),
  });
}

/** What is asked again by the group's id, through `node`. */
export function useHead(group: GroupPageHead$key): [string, () => void] {
  const [{ name, version, chair }, refetch] = useRefetchableFragment<GroupPageHeadRefetch, GroupPageHead$key>(
    graphql`
      fragment GroupPageHead on Group @refetchable(queryName: "GroupPageHeadRefetch") {
        name
        version
        purpose
        chair {
          ...GroupPageMember
        }
      }
    `,
    group,
  );
  const chaired = useMember(chair ?? null);
  return [`${name} ${version.toFixed()} ${chaired ?? ""}`, () => void refetch({}, { fetchPolicy: "network-only" })];
}

/** The members, page by page. */
export function useMembers(group: GroupPageMembers$key) {
  const { data, hasNext, loadNext } = usePaginationFragment<GroupPageMembersPagination, GroupPageMembers$key>(
    graphql`
      fragment GroupPageMembers on Group
      @argumentDefinitions(first: { type: "Int", defaultValue: 25 }, after: { type: "String" })
      @refetchable(queryName: "GroupPageMembersPagination") {
        members(first: $first, after: $after) @connection(key: "GroupPage_members", filters: []) {
          totalCount
          edges {
            node {
              id
              ...GroupPageMember
            }
          }
        }
      }
    `,
    group,
  );
  const more = () => (hasNext ? loadNext(25) : undefined);
  return { rows: data.members.edges.map(({ node }) => node), total: data.members.totalCount, more };
}

export function useMember(row: GroupPageMember$key | null): string | undefined {
  const member = useFragment(
    graphql`
      fragment GroupPageMember on Membership {
        role
        person {
          name
        }
        onBehalfOf {
          name
        }
        period {
          from
          state
        }
      }
    `,
    row,
  );
  return member ? `${member.person.name} ${member.onBehalfOf?.name ?? ""} ${member.period.from ?? ""}` : undefined;
}
