// Executes an operation once more, with graphql-js, where each resolver takes its value out of the server's answer. What comes of it
// must be the answer again: nothing missing, nothing extra, the keys in the order in which they were asked for, each value of its
// type, and null only where it may be. Where the server reports an error the resolver fails, so that graphql-js says how far up
// the null goes.
import {
  executeSync,
  getNamedType,
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  responsePathAsArray,
} from "graphql";
import { collectSubfields } from "graphql/execution/collectFields.js";
import { fits } from "./scalars.js";

/** An error that the server reported. */
class Told extends Error {}

/** An object that is not in the answer, because of errors below it. */
class Missing {
  constructor(faults) {
    this.faults = faults;
  }
}

/**
 * What is wrong with an answer, in sentences; none when nothing is. `visit` is told of each field that is in the answer.
 */
export function replay(schema, { document, operationName, variables }, answer, visit = () => {}) {
  const faults = faultsOf(answer.errors ?? []);
  const again = executeSync({
    schema,
    document,
    operationName,
    variableValues: variables,
    rootValue: answer.data ?? new Missing(faults),
    fieldResolver: (source, _, __, info) => resolve(source, info, faults, visit),
    typeResolver: (value, _, info, type) => runtimeType(schema, value, info, type),
  });
  const wrong = (again.errors ?? []).filter((error) => !(error.originalError instanceof Told));
  const different = difference(again.data ?? null, answer.data ?? null, "data");
  return [
    ...shape(schema, answer),
    ...wrong.map((error) => `${error.path?.join(".") ?? ""}: ${error.message}`),
    ...(different && wrong.length === 0 ? [different] : []),
    ...(answer.errors ?? [])
      .filter(({ path }) => !isNull(answer.data, path))
      .map(({ path }) => `${path}: an error, and no null`),
  ];
}

/** The errors by their paths: at each step whether there is one here, and which are below. */
function faultsOf(errors) {
  const root = { here: false, below: new Map() };
  for (const { path } of errors) {
    let at = root;
    for (const key of path ?? []) {
      if (!at.below.has(key)) {
        at.below.set(key, { here: false, below: new Map() });
      }
      at = at.below.get(key);
    }
    at.here = true;
  }
  return root;
}

function resolve(source, info, faults, visit) {
  const key = info.path.key;
  if (source instanceof Missing) {
    return missing(info.returnType, source.faults.below.get(key));
  }
  if (typeof source !== "object" || Array.isArray(source)) {
    throw new Error(`${JSON.stringify(source)} is no object`);
  }
  const value = source[key];
  visit({ source, key, value, info });
  let fault = faults;
  for (const step of responsePathAsArray(info.path)) {
    fault = fault?.below.get(step);
  }
  const found = withFaults(info.returnType, value, fault);
  checkLeaves(info.returnType, value);
  return found;
}

/** A value of the answer, in which errors stand where the server reported them. */
function withFaults(type, value, fault) {
  if (!fault) {
    return value;
  }
  if (fault.here && value !== null) {
    throw new Error("an error is reported here, and yet there is a value");
  }
  if (value === null) {
    return missing(type, fault);
  }
  const bare = getNullableType(type);
  if (Array.isArray(value) && isListType(bare)) {
    return value.map((item, index) => withFaults(bare.ofType, item, fault.below.get(index)));
  }
  return value;
}

/** What a field that is not in the answer must have been for the errors below it to be where they are. */
function missing(type, fault) {
  if (fault?.here) {
    return new Told();
  }
  if (!fault && !isNonNullType(type)) {
    return null;
  }
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const length = 1 + Math.max(-1, ...(fault?.below.keys() ?? []));
    return Array.from({ length }, (_, index) => missing(bare.ofType, fault?.below.get(index)));
  }
  if (isEnumType(bare)) {
    return bare.getValues()[0].value;
  }
  if (isLeafType(bare)) {
    return { Int: 0, Float: 0, Boolean: false }[bare.name] ?? "";
  }
  return new Missing(fault ?? faultsOf([]));
}

function checkLeaves(type, value) {
  const named = getNamedType(type);
  if (!isLeafType(named)) {
    return;
  }
  for (const leaf of [value].flat(Infinity)) {
    if (leaf !== null && leaf !== undefined && !fits(named, leaf)) {
      throw new Error(`${JSON.stringify(leaf)} is no ${named}`);
    }
  }
}

/** Documents ask for `__typename` wherever it is not known; of what is missing the fields that failed tell. */
function runtimeType(schema, value, info, type) {
  if (!(value instanceof Missing)) {
    return value.__typename;
  }
  const { fragments, variableValues, fieldNodes } = info;
  const failed = [...value.faults.below.keys()];
  const possible = schema.getPossibleTypes(type).find((candidate) => {
    const asked = collectSubfields(schema, fragments, variableValues, candidate, fieldNodes);
    return failed.every((key) => asked.has(key));
  });
  return possible?.name;
}

/** What any answer is made of, errors included. */
function shape(schema, { data, errors, ...others }) {
  const codes = schema.getType("ErrorCode");
  const said = Object.keys(others).filter((key) => key !== "extensions");
  return [
    ...said.map((key) => `${key}: no part of an answer`),
    ...(data === undefined || (data === null && !errors) ? ["neither data nor an error"] : []),
    ...(errors && !(Array.isArray(errors) && errors.length) ? ["errors: none in it"] : []),
    ...(errors ?? [])
      .filter(({ message, extensions }) => typeof message !== "string" || !codes.getValue(extensions?.code ?? ""))
      .map((error) => `errors: ${JSON.stringify(error)}`),
  ];
}

/** Errors that do not name the field that failed. None of our fields fails for a single thing in its list. */
export function unnamed({ errors = [] }) {
  return errors
    .filter(({ path }) => typeof path?.at(-1) === "number")
    .map(({ path }) => `${path}: which field failed?`);
}

function isNull(data, path) {
  let at = data;
  for (const key of path ?? []) {
    if (at === null || at === undefined) {
      return at === null;
    }
    at = at[key];
  }
  return at === null;
}

/** Where two values first differ, the order of keys included; undefined when they don't. */
function difference(expected, actual, path) {
  if (typeof expected !== "object" || typeof actual !== "object" || expected === null || actual === null) {
    return expected === actual ? undefined : `${path}: ${JSON.stringify(actual)} and not ${JSON.stringify(expected)}`;
  }
  const wanted = Object.keys(expected);
  const found = Object.keys(actual);
  if (Array.isArray(expected) !== Array.isArray(actual) || wanted.join() !== found.join()) {
    return `${path}: has ${found} and not ${wanted}`;
  }
  for (const key of wanted) {
    const different = difference(expected[key], actual[key], `${path}.${key}`);
    if (different) {
      return different;
    }
  }
}
