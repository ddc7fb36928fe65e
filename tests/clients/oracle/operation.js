// Random operations that the schema allows and that stay within what the server answers: fields with arguments, aliases, fragments
// on types, interfaces and unions, @skip and @include, variables with and without defaults.
import { getNamedType, isAbstractType, isCompositeType, isListType, getNullableType, parse } from "graphql";
import { FAULTS } from "./faults.js";
import { Inputs } from "./inputs.js";
import { Values } from "./values.js";

/** The server answers 12 levels, 20 fields at the root, 50 aliases, 50 directives, 50 fragments and 5,000 fields. */
const DEPTH = 12;
const MOST = { roots: 5, fields: 60, aliases: 45, directives: 45, fragments: 12 };
/** Fragments within fragments, before there is a field. */
const WRAPS = 2;

/** How many rows a list may have where so many lists are above it, so that answers stay small. */
const ROWS = [6, 3, 2, 1];

/** An operation on what earlier answers told of. */
export function operation(schema, random, known) {
  return new Operation(schema, random, known).request();
}

class Operation {
  #fragments = [];
  #used = { fields: 0, aliases: 0, directives: 0, fragments: 0 };
  /** What stands for each key of the answer, the same wherever it stands: so no two fields are in each other's way. */
  #keys = new Map();

  constructor(schema, random, known) {
    this.schema = schema;
    this.random = random;
    this.values = new Values(random, known);
    this.inputs = new Inputs(random);
    this.merges = !FAULTS.mergedNull || random.chance(0.7);
  }

  request() {
    const { random, inputs } = this;
    const depth = random.pick([2, 3, 4, 4, 5, 5, 6, 6, 7, 8, 10, DEPTH]);
    const kind = random.chance(0.1) ? "mutation" : "query";
    const root = { type: this.schema.getQueryType(), depth, lists: 0, wraps: WRAPS };
    const selections =
      kind === "mutation" ? this.#dryRun(depth) : this.#selections(root, random.between(1, MOST.roots));
    const fragments = this.#fragments.map(({ text }) => text);
    const others = random.chance(0.05) ? ["query Other { viewer { signedIn } }"] : [];
    const named = others.length > 0 || random.chance(0.5);
    const { declarations, values } = inputs.variables([selections, ...fragments].join());
    const head = `${kind}${named ? " Asked" : ""}${declarations}`;
    // Without name and variables it may be in short form.
    const own = head === "query" && random.chance(0.5) ? selections : `${head} ${selections}`;
    const query = [...others, own, ...fragments].join("\n");
    return {
      query,
      document: parse(query),
      operationName: named ? "Asked" : undefined,
      variables: values,
      merges: this.merges,
    };
  }

  /** A change that is not made: whoever may make it is told what it would come to, and others why not. */
  #dryRun(depth) {
    const dry = ({ args: [{ type }] }) => "dryRun" in getNullableType(type).getFields();
    const field = this.random.pick(Object.values(this.schema.getMutationType().getFields()).filter(dry));
    const [input] = field.args;
    const wanted = this.values.value(input.type, { name: input.name, returns: field.type });
    // With a key, an earlier answer might be given again.
    delete wanted.idempotencyKey;
    const given = this.inputs.arguments(field, { input: { ...wanted, dryRun: true } });
    const payload = { type: getNamedType(field.type), depth: depth - 1, lists: 0, wraps: WRAPS };
    return `{ ${field.name}${given} ${this.#selections(payload, this.random.between(2, 5))} }`;
  }

  /** A selection set with so many parts, of which some may not come about. `spot` says where it is: below so many lists, for example. */
  #selections(spot, count) {
    // What is not known beforehand must be told.
    const parts = isAbstractType(spot.type) ? ["__typename"] : [];
    for (let index = 0; index < count; index += 1) {
      parts.push(this.#part(spot));
    }
    const said = parts.filter(Boolean);
    return `{ ${said.length ? said.join(" ") : "__typename"} }`;
  }

  #part(spot) {
    const { random } = this;
    const chance = random.next();
    const abstract = isAbstractType(spot.type);
    if (chance < 0.04) {
      return `__typename${FAULTS.typenameCondition ? "" : this.#directives()}`;
    }
    if (spot.wraps > 0 && chance < (abstract ? 0.9 : 0.16)) {
      return chance < 0.1 ? this.#spread(spot) : this.#inline(spot);
    }
    return spot.type.getFields && this.#field(spot);
  }

  #inline(spot) {
    const on = this.random.chance(0.2) ? undefined : this.random.pick(this.#overlapping(spot.type));
    const inner = { ...spot, type: on ?? spot.type, wraps: spot.wraps - 1 };
    return `...${on ? ` on ${on}` : ""}${this.#directives()} ${this.#selections(inner, this.random.between(1, 3))}`;
  }

  /** A fragment by its name, perhaps one that has been used before. */
  #spread(spot) {
    const overlapping = this.#overlapping(spot.type);
    const old = this.random.pick(this.#fragments.filter((fragment) => this.#fits(fragment, spot, overlapping)));
    if (old && this.merges && this.random.chance(0.5)) {
      this.#spend(old.cost);
      return `...${old.name}${this.#directives()}`;
    }
    if (this.#used.fragments >= MOST.fragments) {
      return undefined;
    }
    this.#used.fragments += 1;
    const before = { ...this.#used };
    const name = `part${this.#used.fragments}`;
    const inner = { ...spot, type: this.random.pick(overlapping), wraps: spot.wraps - 1 };
    const text = `fragment ${name} on ${inner.type} ${this.#selections(inner, this.random.between(1, 4))}`;
    const cost = Object.fromEntries(Object.keys(before).map((what) => [what, this.#used[what] - before[what]]));
    this.#fragments.push({ ...inner, name, text, cost: { ...cost, fragments: 0 } });
    return `...${name}${this.#directives()}`;
  }

  /** Whether a fragment may be used here again: everything in it counts again. */
  #fits({ type, depth, lists, wraps, cost }, spot, overlapping) {
    const room = Object.entries(cost).every(([what, count]) => this.#used[what] + count <= MOST[what]);
    return room && overlapping.includes(type) && depth <= spot.depth && lists >= spot.lists && wraps < spot.wraps;
  }

  #spend(cost) {
    Object.entries(cost).forEach(([what, count]) => {
      this.#used[what] += count;
    });
  }

  /** Types that something of this type may be, itself and its interfaces included. */
  #overlapping(type) {
    const possible = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    const wider = possible.flatMap((object) => object.getInterfaces());
    return [...new Set([type, ...possible, ...wider])];
  }

  #field({ type, depth, lists }) {
    const { random } = this;
    const leads = (field) => isCompositeType(getNamedType(field.type));
    const down = depth > 1 && this.#used.fields < MOST.fields && random.chance(0.6);
    const field = random.pick(Object.values(type.getFields()).filter((candidate) => leads(candidate) === down));
    if (!field || this.#used.aliases >= MOST.aliases) {
      return undefined;
    }
    this.#used.fields += 1;
    const given = this.inputs.arguments(field, this.#arguments(field, type, lists));
    const key = this.#key(field, given, type);
    const alias = key === field.name ? "" : `${key}: `;
    const listed = this.#paged(field) || isListType(getNullableType(field.type));
    const inner = { type: getNamedType(field.type), depth: depth - 1, lists: lists + (listed ? 1 : 0), wraps: WRAPS };
    const selections = down ? ` ${this.#selections(inner, random.between(1, 5))}` : "";
    return `${alias}${field.name}${given}${this.#directives()}${selections}`;
  }

  #paged(field) {
    return field.args.some(({ name }) => name === "first");
  }

  #arguments(field, type, lists) {
    const rows = ROWS[Math.min(lists, ROWS.length - 1)];
    const given = this.values.arguments(field, type, rows);
    const bounded = given.first !== undefined || given.last !== undefined;
    return this.#paged(field) && !bounded && (lists > 0 || this.random.chance(0.8)) ? { ...given, first: rows } : given;
  }

  /** The key of a field in the answer: its name, or an alias where that is taken, or for a change. */
  #key(field, given, type) {
    const signature = `${field.name}${given}: ${field.type}`;
    const merges = this.merges || !isCompositeType(getNamedType(field.type));
    const free = (key) => !this.#keys.has(key) || (merges && this.#keys.get(key) === signature);
    const wanted = this.random.chance(0.1) ? this.random.pick(Object.keys(type.getFields())) : field.name;
    const key = free(wanted) && this.random.chance(0.9) ? wanted : `a${this.#keys.size}`;
    this.#used.aliases += key === field.name ? 0 : 1;
    this.#keys.set(key, signature);
    return key;
  }

  #directives() {
    const { random } = this;
    if (!random.chance(0.08) || this.#used.directives >= MOST.directives) {
      return "";
    }
    this.#used.directives += 1;
    const one = random.chance(0.5) ? this.#directive("include", 0.8) : this.#directive("skip", 0.2);
    const other = random.chance(0.1) ? this.#directive("skip", 0.5) : "";
    return one.startsWith(" @skip") ? one : one + other;
  }

  #directive(name, likely) {
    return ` @${name}(if: ${this.inputs.condition(this.random.chance(likely))})`;
  }
}
