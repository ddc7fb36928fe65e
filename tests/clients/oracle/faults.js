// What the server gets wrong, as far as random operations have found out. They leave it out as long as it stands here: when the
// server is mended, its entry goes, and it is asked for at random.

export const FAULTS = {
  // "Variable is not used", when nothing but a directive of `__typename` uses it.
  typenameCondition: {
    query: "query ($type: Boolean!) { viewer { signedIn __typename @include(if: $type) } }",
    variables: { type: true },
  },
  // Where two fields have the same key, the null of the second does not reach what they are merged to.
  mergedNull: {
    query: '{ group(by: { slug: "run" }) { name } group(by: { slug: "run" }) { members(first: 101) { totalCount } } }',
  },
  // An error below a list is reported for the thing in the list, and not for the field.
  pathInList: {
    query:
      '{ group(by: { slug: "kommunchefgruppen" }) { seats(first: 1) { nodes { members(first: 101) { totalCount } } } } }',
  },
};
