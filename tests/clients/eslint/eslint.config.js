// All rules for schemas that graphql-eslint has, Relay's included; below, those that ours does not follow, and why.
import plugin from "@graphql-eslint/eslint-plugin";
import { file } from "../support/schema.js";

/** Types that have no id, because they are told of anew each time: values, what is computed, and what goes with its owner. */
const WITHOUT_ID = {
  suffixes: ["Payload", "Connection", "Edge"],
  types: [
    "Attendance",
    "ChangeEvent",
    "CommonTime",
    "Contact",
    "DayWarning",
    "Decision",
    "DoubleBooking",
    "Effect",
    "Expected",
    "FieldChange",
    "HeldRole",
    "Indicator",
    "MeetingCount",
    "MeetingInvitation",
    "OrganisationName",
    "PageInfo",
    "Period",
    "PlannedDay",
    "ProjectContact",
    "ProjectPartner",
    "RateLimit",
    "ScheduleSitting",
    "Source",
    "Viewer",
    // What went wrong.
    "InvalidInput",
    "KeyReused",
    "NotAllowed",
    "NotFound",
    "RuleBroken",
    "VersionConflict",
  ],
};

const EXCEPTIONS = {
  // Fields and values stand in an order that explains them.
  "@graphql-eslint/alphabetize": "off",
  // The preset forbids mutations, for schemas that have none.
  "@graphql-eslint/no-root-type": "off",
  // What is always there is not null: a list, the viewer, and a mutation's payload, which says itself what went wrong.
  "@graphql-eslint/require-nullable-result-in-root": "off",
  // Payloads hold what was changed, by which clients' caches find what to show; more can be asked for in a query.
  "@graphql-eslint/require-field-of-type-query-in-mutation-result": "off",
  "@graphql-eslint/strict-id-in-types": ["error", { exceptions: WITHOUT_ID }],
  // Connections have `nodes` beside `edges`, and short lists such as a member's contact points are not paged.
  "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
};

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema: file } } },
    plugins: { "@graphql-eslint": plugin },
    rules: {
      ...plugin.configs["flat/schema-all"].rules,
      ...plugin.configs["flat/schema-relay"].rules,
      ...EXCEPTIONS,
    },
  },
];

/** What single places are excepted from, of rules that have no options for it. */
export const PLACES = [
  // "Contact point" and "organisation number" are words of their own: without the prefix they say something else.
  'Field "contactPoints" starts with the name of the parent type "Contact"',
  'Field "organisationNumber" starts with the name of the parent type "Organisation"',
  // Lists of rows that have no id: they are paged, and never fetched alone.
  "AttendanceEdge: Edge type's field `node` must implement `Node` interface.",
  "ExpectedEdge: Edge type's field `node` must implement `Node` interface.",
  "MeetingInvitationEdge: Edge type's field `node` must implement `Node` interface.",
];
