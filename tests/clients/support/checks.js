// What must hold of an answer, whichever client got it.
import assert from "node:assert/strict";

/** The object has these fields, perhaps among others. */
export function has(actual, expected) {
  assert.deepEqual({ ...actual, ...expected }, { ...actual });
}

/** All rows of a list are there, each once, and it took several pages to get them. */
export function whole({ edges, totalCount }, pages) {
  assert.ok(pages > 2, `${pages} pages`);
  assert.equal(edges.length, totalCount);
  assert.equal(new Set(edges.map(({ node }) => node.id)).size, totalCount);
}
