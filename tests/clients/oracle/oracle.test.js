// Random operations as random roles. What the server answers must be what graphql-js makes of the same data.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, validate } from "graphql";
import { ask, roles } from "../support/api.js";
import { schema } from "../support/schema.js";
import { FAULTS } from "./faults.js";
import { Known } from "./known.js";
import { operation } from "./operation.js";
import { Random } from "./random.js";
import { replay, unnamed } from "./replay.js";
import { failProperly, places, TAMPERINGS } from "./tamper.js";

const SEED = Number(process.env.ORACLE_SEED ?? 2026);
const COUNT = Number(process.env.ORACLE_COUNT ?? 3000);

/** So many are asked at once; what the answers tell, the next round asks with. */
const ROUND = 8;
/** So many good answers are spoilt, and each way must have been tried so often; less often when little is asked. */
const SAMPLES = 200;
const TRIED = Math.min(10, Math.floor(COUNT / 300));

/** What an operation that the schema allows may be refused for: for what is the asker's right, and for what no schema says. */
const EXPECTED = [
  "FORBIDDEN",
  "INVALID_PAGE",
  "INVALID_CURSOR",
  "INVALID_YEAR",
  "INVALID_SEARCH",
  // plannedDays and commonTimes, whose errors are those of the mutations.
  "INVALID_INPUT",
  "CONFLICT",
  "NOT_FOUND",
];

/** What no operation can know of itself: what the server reckons that it may come to. */
const TOO_COSTLY = "TOO_COSTLY";

/** What has been asked and answered, for the samples and for the account at the end. */
const samples = [];
const seen = { answers: 0, unjudged: 0, refused: 0, fields: 0, coordinates: new Set(), codes: {} };

test(`oracle: ${COUNT} random operations, ORACLE_SEED=${SEED}`, async () => {
  const random = new Random(SEED);
  const known = new Known();
  for (let asked = 0; asked < COUNT; asked += ROUND) {
    const round = Array.from({ length: Math.min(ROUND, COUNT - asked) }, () => ({
      role: random.pick([undefined, ...roles]),
      request: operation(schema, random, known),
    }));
    const answers = await Promise.all(round.map(answerTo));
    round.forEach(({ role, request }, index) => compare(role, request, answers[index], known));
  }
  const { answers, unjudged, refused, fields, coordinates, codes } = seen;
  console.log(
    `${answers} answers with ${fields} fields, ${coordinates.size} of them different; errors in them:`,
    codes,
  );
  console.log(`${unjudged} answers not judged (see faults.js), ${refused} operations too costly`);
  assert.ok(answers > COUNT / 2, "most operations are to be answered");
});

test("oracle: a spoilt answer is told from a good one", () => {
  const random = new Random(SEED);
  for (const [name, [possible, spoil]] of Object.entries(TAMPERINGS)) {
    let tried = 0;
    for (const { request, answer } of samples) {
      const spoilt = structuredClone(answer);
      const place = random.pick(places(schema, request, spoilt).filter(possible));
      if (place) {
        spoil(place, spoilt);
        tried += 1;
        assert.notDeepEqual(replay(schema, request, spoilt), [], `${name}: ${place.path} of\n${request.query}`);
      }
    }
    assert.ok(tried >= TRIED, `${name}: tried ${tried} times`);
  }
});

test("oracle: an error whose null is in the right place is no fault", () => {
  const random = new Random(SEED);
  for (const { request, answer } of samples) {
    const failed = structuredClone(answer);
    const all = places(schema, request, failed);
    failProperly(failed, random.pick(all), all);
    assert.deepEqual(replay(schema, request, failed), [], request.query);
  }
});

for (const [name, { query, variables }] of Object.entries(FAULTS)) {
  test(`oracle: ${name}`, { todo: "the server is to be mended" }, async () => {
    const request = { query, document: parse(query), variables };
    assert.deepEqual(validate(schema, request.document), []);
    const answer = await answerTo({ request });
    const codes = (answer.errors ?? []).map(({ extensions }) => extensions.code);
    assert.deepEqual(
      codes.filter((code) => code !== "INVALID_PAGE"),
      [],
    );
    assert.deepEqual([...replay(schema, request, answer), ...unnamed(answer)], []);
  });
}

function answerTo({ role, request: { query, operationName, variables } }) {
  return ask({ query, operationName, variables }, role);
}

function compare(role, request, answer, known) {
  const { query, document, variables } = request;
  const about = `${role ?? "public"}: ${query}\n${JSON.stringify(variables)}\n${JSON.stringify(answer).slice(0, 2000)}`;
  assert.deepEqual(validate(schema, document), [], about);
  if (answer.errors?.[0].extensions.code === TOO_COSTLY) {
    seen.refused += 1;
    return;
  }
  assert.ok("data" in answer, `refused\n${about}`);
  for (const { extensions } of answer.errors ?? []) {
    assert.ok(EXPECTED.includes(extensions?.code), `${extensions?.code}\n${about}`);
    seen.codes[extensions.code] = (seen.codes[extensions.code] ?? 0) + 1;
  }
  const { objects } = answer.extensions.cost;
  assert.ok(answer.data === null || count(answer.data) - 1 <= objects, `more than the ${objects} objects foretold\n${about}`);
  if (answer.errors && FAULTS.mergedNull && request.merges) {
    seen.unjudged += 1;
    return;
  }
  const complaints = replay(schema, request, answer, (field) => {
    known.note(field);
    seen.fields += 1;
    seen.coordinates.add(`${field.info.parentType.name}.${field.info.fieldName}`);
  });
  complaints.push(...(FAULTS.pathInList ? [] : unnamed(answer)));
  assert.deepEqual(complaints, [], about);
  seen.answers += 1;
  // Small ones have little that can be spoilt.
  if (samples.length < SAMPLES && !answer.errors && JSON.stringify(answer.data).length > 300) {
    samples.push({ request, answer });
  }
}

/** How many objects an answer has, its root among them. */
function count(value) {
  if (typeof value !== "object" || value === null) {
    return 0;
  }
  const below = Object.values(value).reduce((sum, part) => sum + count(part), 0);
  return Array.isArray(value) ? below : below + 1;
}
