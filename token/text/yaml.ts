import {
  type Document,
  type DocumentOptions,
  isAlias,
  isCollection,
  isScalar,
  Lexer,
  type ParseOptions,
  parseAllDocuments,
  parseDocument,
  type SchemaOptions,
  type ToJSOptions,
  visit,
  YAMLParseError,
} from "yaml";
import { endedBySignals } from "../timers.ts";

/**
 * Lines, items, brackets, tabs within lines, and quotes and marks beyond six in a line. A kubeconfig of a thousand clusters
 * has some thirty thousand.
 */
const MAX_PARTS = 60_000;

/** Columns of indentation, including dashes; and open brackets: each may be a level of nesting. */
const MAX_DEPTH = 200;

/** Characters of one line: a certificate authority takes some thousands. */
const MAX_LINE = 1024 * 1024;

/** Anchors, and aliases of them. Each alias is looked up among all anchors. */
const MAX_ANCHORS = 1000;

/**
 * The maximum number of copied entries: a merge copies all entries of a map, so the limit is on merges times parts of the text.
 */
const MAX_COPIES = 1_000_000;

/** Brackets that close what was never opened. Each costs an error of the parser. */
const MAX_UNOPENED = 1000;

/** From this length on, in characters, a text may take longer to parse than someone who waits notices. */
const LONG = 10_000;

/** More documents than anyone puts into one text; each costs as much as a short file. */
const MAX_DOCUMENTS = 100;

/** YAML that is not read because it would take too long, or cannot be read. `why` follows a colon. */
export class YamlRefused extends Error {
  readonly why: string;

  constructor(why: string) {
    super(`Cannot read the YAML: ${why}.`);
    this.why = why;
  }
}

const TOO_DEEP = "it is nested too deeply";

type Options = ParseOptions & DocumentOptions & SchemaOptions;

/**
 * A pretty error quotes its line, in a time that grows with the line for each error; and each key is compared with all before it
 * unless we look for those that are there twice.
 */
const PLAIN = { prettyErrors: false, uniqueKeys: false } as const;

/**
 * The documents of a text, with their errors. Throws `YamlRefused` for one that would take more time or memory than its size
 * suggests.
 */
export function yamlDocuments(text: string, options: Options = {}, maxParts = MAX_PARTS) {
  requireModest(text, maxParts);
  return refusing(() =>
    parsed(text.length, () => {
      const documents = parseAllDocuments(text, { ...options, ...PLAIN, logLevel: "silent" });
      for (const document of documents) refuseTwins(document, options);
      return documents;
    }),
  );
}

/** The only document of a text, with its errors. Throws `YamlRefused`. */
export function yamlDocument(text: string, options: Options = {}, maxParts = MAX_PARTS): Document.Parsed {
  requireModest(text, maxParts);
  return refusing(() =>
    parsed(text.length, () => {
      const document = parseDocument(text, { ...options, ...PLAIN });
      refuseTwins(document, options);
      return document;
    }),
  );
}

/** Adds an error for each key that a map has twice, unless `uniqueKeys` is false. */
function refuseTwins(document: Document | Document.Parsed, { uniqueKeys }: Options): void {
  if (uniqueKeys === false) return;
  const before = document.errors.length;
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const at = key.range?.[0] ?? 0;
        if (seen.has(key.value))
          document.errors.push(new YAMLParseError([at, at + 1], "DUPLICATE_KEY", "Map keys must be unique"));
        seen.add(key.value);
      }
    },
  });
  if (document.errors.length > before) document.errors.sort((a, b) => a.pos[0] - b.pos[0]);
}

/** Ctrl-C ends the reading of a text of such a length, in characters, if it is long. */
function parsed<T>(length: number, parse: () => T): T {
  return length < LONG ? parse() : endedBySignals(parse);
}

/** The value of a document, with aliases and merges resolved. Throws `YamlRefused` if they cannot be. */
export function yamlValue(document: Document, options: ToJSOptions = {}): unknown {
  return refusing(() => {
    const [, , length = 0] = document.range ?? [];
    const value: unknown = parsed(length, () => {
      refuseOddKeys(document);
      return document.toJS({ maxAliasCount: MAX_ANCHORS, ...options });
    });
    refuseCircles(value, new Set(), new Set());
    return value;
  });
}

/**
 * A key that is a map or a list would be written as text, at each level once more, and an alias is looked up in the whole document.
 * No file of kubectl's or ours has such a key.
 */
function refuseOddKeys(document: Document): void {
  visit(document, {
    Pair: (_, { key }) => {
      if (isCollection(key) || isAlias(key))
        throw new YamlRefused("it contains a key that is a map, a list or an alias");
    },
  });
}

/** The text of a modified document. Throws `YamlRefused` if an alias has lost its anchor. */
export function yamlText(document: Document): string {
  return refusing(() => document.toString({ lineWidth: 0 }));
}

/**
 * A map or list that holds itself is nothing that JSON, or kubectl, knows. Each is looked into once, however often it is shared.
 */
function refuseCircles(value: unknown, around: Set<object>, seen: Set<object>): void {
  if (typeof value !== "object" || value === null) return;
  if (around.has(value)) throw new YamlRefused("it contains an anchor that contains itself");
  if (seen.has(value)) return;
  seen.add(value);
  around.add(value);
  for (const inner of Object.values(value)) refuseCircles(inner, around, seen);
  around.delete(value);
}

/** The value of a text. Throws `YamlRefused`, or the parser's `YAMLParseError`. */
export function parseYaml(text: string, options: Options = {}, maxParts = MAX_PARTS): unknown {
  const document = yamlDocument(text, options, maxParts);
  const [error] = document.errors;
  if (error !== undefined) throw error;
  return yamlValue(document);
}

/**
 * The parser throws only for aliases that cannot be resolved or expand without end, and on stack overflow. Its messages quote the
 * text.
 */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof YamlRefused) throw error;
    if (error instanceof RangeError) throw new YamlRefused(TOO_DEEP);
    throw new YamlRefused("it contains an alias or a merge that cannot be resolved");
  }
}

interface Counts {
  parts: number;
  anchors: number;
  aliases: number;
  merges: number;
  /** Brackets, also in quotes and comments. */
  opened: number;
  unopened: number;
  documents: number;
  /** Length of the longest line. */
  line: number;
  /** Maximum depth of nesting. */
  depth: number;
}

/** Throws `YamlRefused` by an estimate of the parser's work, made in one pass over the text, without a parser. */
function requireModest(text: string, maxParts: number): void {
  const { parts, anchors, aliases, merges, opened, unopened, documents, depth, line } = count(text);
  if (parts > maxParts) throw new YamlRefused(`it has ${parts} lines and items; the limit is ${maxParts}`);
  if (line > MAX_LINE) throw new YamlRefused(`a line is ${line} characters long; the limit is ${MAX_LINE}`);
  if (depth > MAX_DEPTH || (opened > MAX_DEPTH && flowDepth(text) > MAX_DEPTH))
    throw new YamlRefused(TOO_DEEP);
  if (anchors > MAX_ANCHORS || aliases > MAX_ANCHORS) {
    throw new YamlRefused(`it has ${anchors} anchors and ${aliases} aliases; the limit is ${MAX_ANCHORS}`);
  }
  if (merges * parts > MAX_COPIES) throw new YamlRefused(`it has too many merges (<<): ${merges}`);
  if (unopened > MAX_UNOPENED)
    throw new YamlRefused(`it has too many closing brackets without an opening one: ${unopened}`);
  if (documents > MAX_DOCUMENTS)
    throw new YamlRefused(`it contains ${documents} YAML documents; the limit is ${MAX_DOCUMENTS}`);
}

const [NEWLINE, SPACE, TAB, DASH, QUESTION] = [10, 32, 9, 45, 63];
const [COMMA, BRACKET, BRACE, BRACKET_END, BRACE_END] = [44, 91, 123, 93, 125];
const [COLON, AND, STAR, LESS, BACKSLASH] = [58, 38, 42, 60, 92];

/** What may stand behind a backslash in double quotes; anything else is an error. */
const ESCAPE = /\\(?:[0abtnvfre "/\\N_LP\n\r\t]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})/y;

/** Each of them may cost an error of the parser where it is not expected: wherever it stands, or only beside a blank. */
const QUOTES = codes("\"'");
const MARKS = codes("!-?:");

/** Quotes and marks that a line may have for nothing: a name and a value in JSON, behind the dash of a list. */
const USUAL_MARKS = 6;

/** Marks are counted wherever they could have a meaning, also within a text or a comment. */
function count(text: string): Counts {
  const counts: Counts = {
    ...{ parts: 0, anchors: 0, aliases: 0, merges: 0, opened: 0, unopened: 0 },
    ...{ documents: 0, depth: 0, line: 0 },
  };
  let lineStart = 0;
  let isIndent = true;
  let open = 0;
  let marks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) {
      counts.parts += 1;
      counts.line = Math.max(counts.line, at - lineStart);
      if (isIndent) counts.depth = Math.max(counts.depth, at - lineStart);
      lineStart = at + 1;
      isIndent = true;
      marks = 0;
      if (text.startsWith("---", lineStart)) counts.documents += 1;
      continue;
    }
    if (isIndent && !isIndicator(text, at, code)) {
      isIndent = false;
      counts.depth = Math.max(counts.depth, at - lineStart);
    }
    if (QUOTES.has(code) || (MARKS.has(code) && isBesideBlank(text, at))) {
      marks += 1;
      if (marks > USUAL_MARKS) counts.parts += 1;
    }
    if ((code === AND || code === STAR) && isBesideBlank(text, at)) counts.parts += 1;
    if (code === BACKSLASH && !isEscape(text, at)) counts.parts += 1;
    if (code === BRACKET || code === BRACE) {
      open += 1;
      counts.opened += 1;
      counts.parts += 1;
    } else if (code === BRACKET_END || code === BRACE_END) {
      if (open === 0) counts.unopened += 1;
      else open -= 1;
    } else if (code === COMMA || (code === TAB && !isIndent)) counts.parts += 1;
    else if (code === AND && isMark(text, at)) counts.anchors += 1;
    else if (code === STAR && isMark(text, at)) counts.aliases += 1;
    else if (code === LESS && text.charCodeAt(at + 1) === LESS) counts.merges += 1;
  }
  counts.line = Math.max(counts.line, text.length - lineStart);
  if (isIndent) counts.depth = Math.max(counts.depth, text.length - lineStart);
  return counts;
}

/** How deeply brackets are nested, by the parser's own reading of quotes and comments, which needs no stack. */
function flowDepth(text: string): number {
  let [open, deepest] = [0, 0];
  for (const token of new Lexer().lex(text)) {
    if (token === "[" || token === "{") open += 1;
    else if ((token === "]" || token === "}") && open > 0) open -= 1;
    deepest = Math.max(deepest, open);
  }
  return deepest;
}

function codes(text: string): ReadonlySet<number> {
  return new Set([...text].map((character) => character.charCodeAt(0)));
}

/** What may precede the content of a line, each deeper than the one before: `- ? : - x`. */
function isIndicator(text: string, at: number, code: number): boolean {
  if (code === COLON) return text.charCodeAt(at + 1) <= SPACE;
  return code === SPACE || code === TAB || code === DASH || code === QUESTION;
}

function isEscape(text: string, at: number): boolean {
  ESCAPE.lastIndex = at;
  return ESCAPE.test(text);
}

function isBesideBlank(text: string, at: number): boolean {
  return text.charCodeAt(at - 1) <= SPACE || text.charCodeAt(at + 1) <= SPACE;
}

/** Whether a character follows a blank, a bracket or the like, and precedes a name. */
function isMark(text: string, at: number): boolean {
  const before = at === 0 ? NEWLINE : text.charCodeAt(at - 1);
  const after = text.charCodeAt(at + 1);
  return [NEWLINE, SPACE, TAB, COMMA, BRACKET, BRACE, COLON].includes(before) && after > SPACE;
}
