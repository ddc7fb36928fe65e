// Values for arguments, such as people ask with; some that are refused among them.
import {
  GraphQLNonNull,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from "graphql";

/** Rules that name days, the last two of which are none. */
const RECURRENCES = [
  "FREQ=MONTHLY;BYDAY=2WE",
  "FREQ=WEEKLY;BYDAY=MO,TH;INTERVAL=2",
  "FREQ=YEARLY",
  "FREQ=HOURLY",
  "no rule",
];

export class Values {
  constructor(random, known) {
    this.random = random;
    this.known = known;
  }

  /**
   * The arguments of a field, by name; those that are not to be given are left out. `rows` is the most that a list may
   * have there.
   */
  arguments(field, parent, rows) {
    const given = {};
    const backward = this.random.chance(0.2);
    for (const { name, type, defaultValue } of field.args) {
      const place = { name, list: `${parent.name}.${field.name}`, returns: field.type };
      if (name === "first" || name === "last") {
        if (isNonNullType(type) || (name === "last") === backward || this.random.chance(0.005)) {
          given[name] = this.random.chance(0.01) ? this.random.pick([-1, 101]) : this.random.between(0, rows);
        }
      } else if (name === "after" || name === "before") {
        if ((name === "before") === backward && this.random.chance(0.25)) {
          given[name] = this.known.one(this.random, `${place.list} cursor`, "none");
        }
      } else if (defaultValue === undefined && isNonNullType(type) ? true : this.random.chance(0.4)) {
        given[name] = this.value(type, place);
      }
    }
    return given;
  }

  value(type, place) {
    const bare = getNullableType(type);
    if (!isNonNullType(type) && this.random.chance(0.03)) {
      return null;
    }
    if (isListType(bare)) {
      // A single value stands for a list of one.
      const single = this.random.chance(0.1);
      const count = this.random.between(0, 3);
      return single
        ? this.value(bare.ofType, place)
        : Array.from({ length: count }, () => this.value(bare.ofType, place));
    }
    if (isInputObjectType(bare)) {
      return this.#object(bare, place);
    }
    if (isEnumType(bare)) {
      return this.random.pick(bare.getValues()).name;
    }
    return this.#scalar(bare.name, place);
  }

  #object(type, place) {
    const fields = Object.values(type.getFields());
    if (type.name === "DateRange") {
      const [from, until] = [this.#day(), this.#day()].sort();
      return { from, until: from === until ? "2099-12-31" : until };
    }
    const chosen = type.isOneOf
      ? [this.random.pick(fields)]
      : fields.filter((field) => isRequiredInputField(field) || this.random.chance(0.2));
    return Object.fromEntries(
      chosen.map(({ name, type: member }) => {
        const inner = { ...place, name, within: type.name };
        return [name, this.value(type.isOneOf ? new GraphQLNonNull(member) : member, inner)];
      }),
    );
  }

  #scalar(type, { name, returns, within }) {
    const { random, known } = this;
    switch (type) {
      case "ID":
        return name === "id" && within ? known.id(random, name, bareName(returns)) : known.id(random, name);
      case "Int":
        return this.#number(name);
      case "Float":
        return random.between(0, 1000) / 4;
      case "Boolean":
        return random.chance(0.5);
      case "Date":
        return this.#day();
      case "DateTime":
        return `${this.#day()}T08:00:00+01:00`;
      case "LocalTime":
        return random.pick(["08:30", "13:00", "16:45"]);
      case "URL":
        return "https://example.org/";
      default:
        return this.#text(name, returns);
    }
  }

  #number(name) {
    const { random } = this;
    if (name === "minutes") {
      return random.chance(0.05) ? 541 : random.between(15, 540);
    }
    if (name === "year") {
      return random.chance(0.02) ? 1899 : random.between(2016, 2027);
    }
    return name === "expectedVersion" ? random.between(1, 2) : random.between(0, 10);
  }

  #text(name, returns) {
    const { random, known } = this;
    if (name === "recurrence") {
      return random.pick(RECURRENCES);
    }
    if (name === "text" || name === "familyNameStartsWith") {
      const word = known.one(random, "word", "samverkan");
      return random.chance(0.03) ? random.pick(["", "?!", "a".repeat(101)]) : word.slice(0, random.between(1, 8));
    }
    const kind = { verbs: "verb" }[name] ?? name;
    return known.one(random, `${bareName(returns)}.${kind}`, known.one(random, kind, "none"));
  }

  #day() {
    const day = new Date(
      Date.UTC(this.random.between(2015, 2028), this.random.between(0, 11), this.random.between(1, 31)),
    );
    return day.toISOString().slice(0, 10);
  }
}

function bareName(type) {
  return getNamedType(type).name;
}
