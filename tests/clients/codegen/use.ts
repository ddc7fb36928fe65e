// The documents in use: variables and answers have the schema's types, and what has not does not compile.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { EndMembership, explain } from "./end-membership";
import { followed, GroupNews } from "./group-news";
import { GroupPage, line, Search } from "./group-page";

declare function ask<Answer, Variables>(
  document: TypedDocumentNode<Answer, Variables>,
  variables: Variables,
): Promise<Answer>;

export async function groupPage(slug: string): Promise<string[]> {
  const { group } = await ask(GroupPage, {
    slug,
    members: 25,
    asOf: "2026-06-01",
    filter: { roles: ["MEMBER", "CHAIR"] },
  });
  // @ts-expect-error: there may be no such group
  group.name;
  const members = group?.members.nodes.map(line) ?? [];
  return [group?.nextMeeting?.startsAt ?? "", ...members];
}

export async function endMembership(membership: string, expectedVersion: number): Promise<string> {
  const { endMembership: outcome } = await ask(EndMembership, {
    input: { membership, expectedVersion, until: "2026-12-01" },
  });
  return outcome.membership?.period.lastDay ?? outcome.errors.map(explain).join();
}

export async function search(text: string): Promise<string[]> {
  const { search: found } = await ask(Search, { text });
  return found.nodes.map((result) => {
    switch (result.__typename) {
      case "Group":
        return `${result.name} (${result.slug})`;
      case "Person":
        return result.familyName;
      default:
        return result.__typename;
    }
  });
}

export async function groupNews(slug: string): Promise<string[]> {
  const { viewer, group } = await ask(GroupPage, { slug, members: 0 });
  return group ? followed(await ask(GroupNews, { group: group.id, since: viewer.changeCursor })) : [];
}

// @ts-expect-error: `slug` is required
void ask(GroupPage, { members: 25 });
// @ts-expect-error: there is no such role
void ask(GroupPage, { slug: "run", members: 25, filter: { roles: ["PRESIDENT"] } });
