// Ways to spoil a good answer, and one to make an error of a part of it as the specification says.
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isNonNullType,
  isObjectType,
  isScalarType,
  responsePathAsArray,
} from "graphql";
import { replay } from "./replay.js";

/** Values that a scalar of each name never has. */
const WRONG = {
  ID: 7,
  String: 7,
  Boolean: "true",
  Int: 2 ** 31,
  Float: "1",
  Date: "2026-02-30",
  DateTime: "2026-02-01 10:00:00",
  LocalTime: "24:00",
  URL: "groups/run.vcf",
};

const single = ({ value }) => value !== null && value !== undefined && !Array.isArray(value);
const object = ({ value }) => single({ value }) && typeof value === "object";
const put = (value) => (place) => {
  place.source[place.key] = value(place);
};

/** Where each may be done, and what is done there. `places` are the fields of the answer. */
export const TAMPERINGS = {
  "a key is missing": [() => true, ({ source, key }) => delete source[key]],
  "a key is there that nobody asked for": [() => true, ({ source }) => Object.assign(source, { extra: 1 })],
  "the keys are in another order": [({ source }) => Object.keys(source).length > 1, ({ source }) => reverse(source)],
  "null in a non-null field": [({ info }) => isNonNullType(info.returnType), put(() => null)],
  "null in a list of what is not null": [
    ({ value, info }) => Array.isArray(value) && isNonNullType(getNullableType(info.returnType).ofType),
    ({ value }) => value.push(null),
  ],
  "a scalar of another type": [
    (place) => single(place) && isScalarType(getNamedType(place.info.returnType)),
    put(({ info }) => WRONG[getNamedType(info.returnType).name]),
  ],
  "a term that the enum does not have": [
    (place) => single(place) && isEnumType(getNamedType(place.info.returnType)),
    put(() => "NOTHING"),
  ],
  "one thing in place of a list": [({ value }) => Array.isArray(value), put(() => ({}))],
  "a list in place of one thing": [object, put(({ value }) => [value])],
  "a text in place of a thing": [object, put(() => "thing")],
  "a type that it cannot be": [
    (place) => object(place) && isAbstractType(getNullableType(place.info.returnType)),
    ({ value }) => Object.assign(value, { __typename: "PageInfo" }),
  ],
  "a type that is another": [
    (place) => object(place) && isObjectType(getNullableType(place.info.returnType)) && "__typename" in place.value,
    ({ value }) => Object.assign(value, { __typename: "Query" }),
  ],
  "an error where there is a value": [single, ({ path }, answer) => fail(answer, path)],
  "an error whose null goes too far up": [
    ({ info }) => !isNonNullType(info.returnType),
    ({ path }, answer) => {
      fail(answer, path);
      answer.data = null;
    },
  ],
};

function reverse(object) {
  const entries = Object.entries(object).reverse();
  entries.forEach(([key]) => delete object[key]);
  Object.assign(object, Object.fromEntries(entries));
}

function fail(answer, path) {
  answer.errors = [...(answer.errors ?? []), { message: "failed", path, extensions: { code: "INTERNAL" } }];
}

/** All fields of an answer. */
export function places(schema, request, answer) {
  const all = [];
  replay(schema, request, answer, (place) => all.push({ ...place, path: responsePathAsArray(place.info.path) }));
  return all;
}

/** Reports an error in the answer's place, with null there, or as far up as null may be. */
export function failProperly(answer, place, all) {
  fail(answer, place.path);
  const types = new Map(all.map(({ path, info }) => [path.join("."), info.returnType]));
  for (let length = place.path.length; length > 0; length -= 1) {
    const path = place.path.slice(0, length);
    if (!isNonNullType(typeAt(types, path))) {
      const key = path.pop();
      path.reduce((at, step) => at[step], answer.data)[key] = null;
      return;
    }
  }
  answer.data = null;
}

function typeAt(types, path) {
  const last = path.at(-1);
  return typeof last === "number"
    ? getNullableType(typeAt(types, path.slice(0, -1))).ofType
    : types.get(path.join("."));
}
