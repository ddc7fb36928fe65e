// How values stand in a document: written out, or as variables, with which a default may come.
import {
  astFromValue,
  getNullableType,
  GraphQLBoolean,
  GraphQLNonNull,
  isInputObjectType,
  isListType,
  isNonNullType,
  print,
} from "graphql";

export class Inputs {
  #variables = [];

  constructor(random) {
    this.random = random;
  }

  /** The declarations of the variables that stand in a text, and their values. */
  variables(text) {
    const used = this.#variables.filter(({ name }) => new RegExp(`\\${name}\\b`).test(text));
    const declared = used.map(({ name, type, otherwise }) => `${name}: ${type}${otherwise}`);
    const given = used.filter(({ value }) => value !== undefined).map(({ name, value }) => [name.slice(1), value]);
    return { declarations: used.length ? `(${declared.join(", ")})` : "", values: Object.fromEntries(given) };
  }

  /** The arguments of a field; some are variables that are given nothing. */
  arguments(field, given) {
    const said = Object.entries(given).map(([name, value]) => {
      const { type } = field.args.find((argument) => argument.name === name);
      return `${name}: ${this.#input(type, value)}`;
    });
    const silent = field.args
      .filter(({ name, type, defaultValue }) => !(name in given) && (defaultValue !== undefined || !isNonNullType(type)))
      .filter(() => this.random.chance(0.02))
      .map(({ name, type }) => `${name}: ${this.#declare(getNullableType(type))}`);
    const all = [...said, ...silent];
    return all.length ? `(${all.join(", ")})` : "";
  }

  /** What @skip and @include go by. */
  condition(value) {
    return this.#input(new GraphQLNonNull(GraphQLBoolean), value);
  }

  #input(type, value) {
    return this.random.chance(0.25) ? this.#variable(type, value) : this.#literal(type, value);
  }

  #literal(type, value) {
    const bare = getNullableType(type);
    if (value === null) {
      return "null";
    }
    if (isListType(bare)) {
      // What stands for a list of one may not be a variable of its own.
      return Array.isArray(value)
        ? `[${value.map((item) => this.#input(bare.ofType, item)).join(", ")}]`
        : written(bare.ofType, value);
    }
    if (isInputObjectType(bare)) {
      const members = Object.entries(value).map(([name, member]) => {
        const { type: of } = bare.getFields()[name];
        // The one field of a @oneOf must not be null, and so not its variable.
        return `${name}: ${this.#input(bare.isOneOf ? new GraphQLNonNull(of) : of, member)}`;
      });
      return `{ ${members.join(", ")} }`;
    }
    return written(bare, value);
  }

  #variable(type, value) {
    return this.random.chance(0.2)
      ? this.#declare(type, undefined, ` = ${written(type, value)}`)
      : this.#declare(type, value);
  }

  #declare(type, value, otherwise = "") {
    const name = `$v${this.#variables.length + 1}`;
    this.#variables.push({ name, type, value, otherwise });
    return name;
  }
}

function written(type, value) {
  return print(astFromValue(value, type));
}
