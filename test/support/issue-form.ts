import { parseDocument } from "yaml";

type Fields = Readonly<Record<string, unknown>>;

const TOP: readonly string[] = [
  "name",
  "description",
  "body",
  "title",
  "labels",
  "assignees",
  "projects",
  "type",
];

/** Attributes that each type of element may have; marked ones are required. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  markdown: ["value!"],
  textarea: ["label!", "description", "placeholder", "value", "render"],
  input: ["label!", "description", "placeholder", "value"],
  dropdown: ["label!", "description", "options!", "multiple", "default"],
  checkboxes: ["label!", "description", "options!"],
};

/** Words that GitHub refuses as a lure for secrets, and others like them. */
const LURES = /passw|credential|secret|token|api.?key/i;

/**
 * What GitHub refuses in an issue form, in words; empty if it accepts it.
 *
 * Source: docs.github.com, "Syntax for issue forms", "Syntax for GitHub's form schema", "Common validation errors when
 * creating issue forms".
 */
export function formProblems(text: string): string[] {
  // YAML 1.1, where an unquoted yes, no, on and off are booleans.
  const document = parseDocument(text, { version: "1.1", uniqueKeys: true });
  if (document.errors.length > 0)
    return document.errors.map(({ message }) => `no YAML: ${message.split("\n")[0]}`);
  const form: unknown = document.toJS();
  if (!isMap(form)) return ["no map"];
  const elements = Array.isArray(form["body"]) ? (form["body"] as unknown[]) : [];
  return [
    ...Object.keys(form).flatMap((key) => (TOP.includes(key) ? [] : [`${key} is not a permitted key`])),
    ...["name", "description"].flatMap((key) => (isText(form[key]) ? [] : [`${key} must be a string`])),
    ...["labels", "assignees", "projects"].flatMap((key) => listProblems(key, form[key])),
    ...["title", "type"].flatMap((key) =>
      form[key] === undefined || isText(form[key]) ? [] : [`${key} must be a string`],
    ),
    ...(elements.some((element) => isMap(element) && element["type"] !== "markdown")
      ? []
      : ["body must contain at least one non-markdown field"]),
    ...elements.flatMap((element, i) => elementProblems(element).map((problem) => `body[${i}]: ${problem}`)),
    ...repeated(
      "id",
      elements.map((element) => (isMap(element) ? element["id"] : undefined)),
    ),
    ...repeated("label", elements.flatMap(labelsOf)),
  ];
}

function listProblems(key: string, value: unknown): string[] {
  const isList = value === undefined || (Array.isArray(value) && value.every(isText));
  return isList ? [] : [`${key} must be a list of strings`];
}

function elementProblems(element: unknown): string[] {
  if (!isMap(element)) return ["no map"];
  const { type, id, attributes, validations } = element;
  const known = typeof type === "string" && Object.hasOwn(ATTRIBUTES, type) ? ATTRIBUTES[type] : undefined;
  if (known === undefined) return [`${type} is not a valid input type`];
  if (!isMap(attributes)) return ["required key attributes is missing"];
  const permitted =
    type === "markdown" ? ["type", "attributes"] : ["type", "id", "attributes", "validations"];
  const validating = isMap(validations) ? validations : {};
  return [
    ...Object.keys(element).flatMap((key) =>
      permitted.includes(key) ? [] : [`${key} is not a permitted key`],
    ),
    ...(type === "markdown" || (isText(id) && /^[\w-]+$/.test(id))
      ? []
      : ["id can only contain numbers, letters, -, _"]),
    ...(validations === undefined || isMap(validations) ? [] : ["validations must be a map"]),
    ...Object.entries(validating).flatMap(([key, value]) =>
      key === "required" && typeof value === "boolean" && type !== "checkboxes"
        ? []
        : [`${key} is no validation`],
    ),
    ...attributeProblems(attributes, known),
    ...(["textarea", "input"].includes(type as string) && LURES.test(String(attributes["label"]))
      ? ["label contains forbidden word"]
      : []),
    ...(known.includes("options!") ? optionProblems(type === "checkboxes", attributes["options"]) : []),
  ];
}

function attributeProblems(attributes: Fields, known: readonly string[]): string[] {
  const names = known.map((name) => name.replace("!", ""));
  const notText = ["options", "multiple", "default"];
  return [
    ...Object.keys(attributes).flatMap((key) =>
      names.includes(key) ? [] : [`${key} is not a permitted attribute`],
    ),
    ...known
      .filter((name) => name.endsWith("!") && attributes[name.slice(0, -1)] === undefined)
      .map((name) => `required attribute key ${name.slice(0, -1)} is missing`),
    ...Object.entries(attributes).flatMap(([key, value]) =>
      notText.includes(key) || isText(value) ? [] : [`${key} must be a string`],
    ),
  ];
}

function optionProblems(areBoxes: boolean, options: unknown): string[] {
  if (!Array.isArray(options) || options.length === 0) return ["options must not be empty"];
  const labels: unknown[] = areBoxes
    ? options.map((option) => (isMap(option) ? option["label"] : undefined))
    : options;
  return [
    ...(labels.every(isText) ? [] : ["options must be strings"]),
    ...(new Set(labels).size === labels.length ? [] : ["options must be unique"]),
    ...(!areBoxes && labels.some((label) => /^none$/i.test(String(label)))
      ? ["options must not include the reserved word, none"]
      : []),
  ];
}

/** The names of a field and its boxes in the issue, as Rails' parameterize makes them. */
function labelsOf(element: unknown): unknown[] {
  if (!isMap(element) || !isMap(element["attributes"]) || element["type"] === "markdown") return [];
  const { label, options } = element["attributes"];
  const boxes = element["type"] === "checkboxes" && Array.isArray(options) ? options : [];
  return [label, ...boxes.map((box: unknown) => (isMap(box) ? box["label"] : undefined))]
    .filter(isText)
    .map((one) =>
      one
        .toLowerCase()
        .replaceAll(/[^\w-]+/g, "-")
        .replaceAll(/^-|-$/g, ""),
    );
}

function repeated(what: string, values: readonly unknown[]): string[] {
  const given = values.filter((value) => value !== undefined);
  return given
    .filter((value, i) => given.indexOf(value) < i)
    .map((value) => `body must have unique ${what}s: ${value}`);
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
