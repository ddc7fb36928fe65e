// What earlier answers told of: ids, names in addresses, cursors. Later questions ask with them.
import { getNamedType } from "graphql";

/** So many of each kind are kept: enough to choose from. */
const MOST = 300;

/** Which type's ids an input wants, by its name. */
const WANTED = {
  group: "Group",
  groups: "Group",
  organisation: "Organisation",
  convener: "Organisation",
  appointer: "Organisation",
  party: "Organisation",
  owner: "Organisation",
  partner: "Organisation",
  municipality: "Organisation",
  onBehalfOf: "Organisation",
  person: "Person",
  schedule: "Schedule",
  identity: "Identity",
  assignment: "Assignment",
};

/** Fields whose values are asked with, beside ids and cursors. */
const TEXTS = [
  "slug",
  "name",
  "title",
  "familyName",
  "organisationNumber",
  "municipalityCode",
  "subjectArea",
  "verb",
  "command",
  "issuer",
  "subject",
  "reference",
  "number",
];

export class Known {
  #kept = new Map();
  /** Which list an edge or a page is of: its cursors are of no use in others. */
  #lists = new WeakMap();

  /** Takes note of a field in an answer. */
  note({ source, value, info }) {
    const type = getNamedType(info.returnType).name;
    const list = `${info.parentType.name}.${info.fieldName}`;
    if (type.endsWith("Connection") && value) {
      this.#lists.set(value, list);
    }
    const of = this.#lists.get(source);
    if (of && (info.fieldName === "edges" || info.fieldName === "pageInfo")) {
      [value].flat().forEach((part) => this.#lists.set(part, of));
    }
    if (typeof value !== "string") {
      return;
    }
    if (type === "ID") {
      this.#keep("id", value);
      this.#keep(`${info.parentType.name}.id`, value);
    } else if (of && /cursor$/i.test(info.fieldName)) {
      this.#keep(`${of} cursor`, value);
    } else if (TEXTS.includes(info.fieldName)) {
      this.#keep(info.fieldName, value);
      this.#keep(`${info.parentType.name}.${info.fieldName}`, value);
      value.split(/[^\p{L}\p{N}]+/u).forEach((word) => word && this.#keep("word", word));
    }
  }

  #keep(kind, value) {
    const kept = this.#kept.get(kind) ?? new Set();
    this.#kept.set(kind, kept);
    if (kept.size < MOST) {
      kept.add(value);
    }
  }

  /** One of a kind, or what stands for it as long as none is known. */
  one(random, kind, otherwise) {
    const kept = this.#kept.get(kind);
    return kept ? random.pick([...kept]) : otherwise;
  }

  /** An id for an input of this name, of the type that it wants if that is known; sometimes any, or none that there is. */
  id(random, name, type = WANTED[name]) {
    if (random.chance(0.05)) {
      return random.pick(["", "1", "AAAAAAAAAAAAAAAAAAAAAA", "å"]);
    }
    const any = this.one(random, "id", "AAAAAAAAAAAAAAAAAAAAAA");
    // An input called seat wants the id of a Seat.
    const wanted = type ?? name[0].toUpperCase() + name.slice(1);
    return random.chance(0.9) ? this.one(random, `${wanted}.id`, any) : any;
  }
}
