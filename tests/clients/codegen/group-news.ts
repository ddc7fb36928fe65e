// A subscription: what others change in a group, as they do.
import { graphql, useFragment } from "./generated";
import type { GroupNewsSubscription } from "./generated/graphql";
import { line, MemberRow } from "./group-page";

export const GroupNews = graphql(`
  subscription GroupNews($group: ID!, $since: ID) {
    changed(groups: [$group], since: $since) {
      cursor
      at
      groups {
        id
        name
        version
      }
      subject {
        __typename
        ... on Membership {
          ...MemberRow
        }
      }
      change {
        verb
      }
    }
  }
`);

/** What the page says of an event. */
export function followed({ changed }: GroupNewsSubscription): string[] {
  const { cursor, at, groups, subject, change } = changed;
  const since: string = at;
  const who = subject?.__typename === "Membership" ? [line(subject), useFragment(MemberRow, subject).role] : [];
  // @ts-expect-error: not everybody may read the trail
  change.verb;
  return [cursor, since, change?.verb ?? "", ...groups.map(({ name, version }) => `${name} ${version.toFixed()}`), ...who];
}
