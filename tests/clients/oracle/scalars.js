// What a scalar of the schema may look like in an answer, by what its description and @specifiedBy say.

const INT = 2 ** 31;

function day(text) {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const SCALARS = {
  ID: (value) => typeof value === "string" && value !== "",
  String: (value) => typeof value === "string",
  Boolean: (value) => typeof value === "boolean",
  Int: (value) => Number.isInteger(value) && value >= -INT && value < INT,
  Float: (value) => Number.isFinite(value),
  Date: (value) => /^(19|20|21)\d\d-\d\d-\d\d$/.test(value) && day(value),
  DateTime: (value) => {
    const [whole, date] = /^(\d{4}-\d\d-\d\d)T[0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value) ?? [];
    return whole !== undefined && day(date) && !Number.isNaN(Date.parse(whole));
  },
  LocalTime: (value) => /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
  URL: (value) => typeof value === "string" && URL.canParse(value),
};

/** Whether a value can be what a scalar or an enum of the schema says. */
export function fits(type, value) {
  if (type.getValues) {
    return typeof value === "string" && type.getValue(value) !== undefined;
  }
  const check = SCALARS[type.name];
  if (!check) {
    throw new Error(`say in scalars.js what a ${type.name} looks like`);
  }
  return check(value);
}
