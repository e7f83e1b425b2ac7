import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from "yaml";
import { edit } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { unlessThrown, VouchError } from "../../../token/errors/errors.ts";
import { maskText } from "../../../token/masking/mask-text.ts";
import { type SettingName, settingKey } from "../../../token/settings/setting-keys.ts";
import { configDocument, noLines, readConfig } from "../../../token/settings/settings.ts";
import { applySplices, type Splice } from "../../../token/text/splices.ts";
import { isFlow, keyText, nodeSpan, pairEnd, pairStart, UnclearLayout } from "../../setup/yaml/layout.ts";
import { lineEnding, lineStart, nextLine } from "../../setup/yaml/line-offsets.ts";
import { reconcileDocument } from "../../setup/yaml/reconcile-value.ts";
import { flowPair, inlineText } from "../../setup/yaml/yaml-text.ts";

/** Keeps the place of everything in the text. */
const TOKENS = { keepSourceTokens: true };

/** A `config.yaml` and its path. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/**
 * The text with the setting, and every other byte as it was. A lone `null` is replaced. Throws `config-invalid` if the result is
 * not lines of known settings, or if other lines take their value from this one.
 */
export function withSetting(config: ConfigText, name: SettingName, value: string | boolean): string {
  const { text, file } = config;
  const document = configDocument(text, file, TOKENS);
  const root = rootOf(document, file);
  const shown = shownSetting(name, value);
  const after = spliced(config, name, () => {
    if (root === undefined) return [firstPair(text, document.contents, `${name}: ${plainText(shown)}`)];
    if (root.items.length === 0) return [spliceAt(nodeSpan(root).start + 1, flowPair([name, shown]))];
    const current = valuesOf(root, document);
    const splices = reconcileDocument(text, root, { current, desired: { ...current, [name]: shown } });
    return isFlow(root) ? splices : splices.map((one) => ({ ...one, text: withPlainSwitch(one.text) }));
  });
  requireSame(config, { document, after, name });
  if (readConfig(after, file)[name] !== value)
    throw uneditable(file, name, "it would be interpreted as a different value");
  return after;
}

/**
 * The text without the lines of a name, which need not be that of a setting, and every other byte as it was; undefined if it is
 * not there. Other faults of the settings stay. Throws `config-invalid` for a text that is not YAML, or if other lines take their
 * value from this one.
 */
export function withoutSetting(config: ConfigText, name: string): string | undefined {
  const { text, file } = config;
  const document = configDocument(text, file, { ...TOKENS, uniqueKeys: false });
  const root = rootOf(document, file);
  const pair = root?.items.find((item) => isNamed(item, name));
  if (root === undefined || pair === undefined) return undefined;
  const after = spliced(config, name, () => {
    if (!isFlow(root)) return [removedLines(text, pair)];
    const start = pairStart(pair);
    const end = pairEnd(pair);
    const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
    if (root.items.length === 1) return [{ start, end: end + comma, text: "" }];
    const { [name]: _gone, ...desired } = valuesOf(root, document);
    return reconcileDocument(text, root, { current: valuesOf(root, document), desired });
  });
  requireSame(config, { document, after, name });
  return withoutSetting({ file, text: after }, name) ?? after;
}

/** Undefined for a file of blanks and comments. */
function rootOf({ contents }: Document.Parsed, file: string): YAMLMap | undefined {
  if (isMap(contents)) return contents;
  if (contents === null || (isScalar(contents) && contents.value === null)) return undefined;
  throw noLines(file);
}

function isNamed({ key }: Pair, name: string): boolean {
  return isScalar(key) && String(key.value) === name;
}

/** Words that YAML 1.2 reads as text are written as people write them: `cache: off`. */
function plainText(value: string | boolean): string {
  return value === "on" || value === "off" ? value : inlineText(value);
}

/** In block style, a word that YAML 1.1 would read as a switch is written as people write it. */
function withPlainSwitch(text: string): string {
  return text.replace(/"(on|off)"/, "$1");
}

function spliceAt(at: number, text: string): Splice {
  return { start: at, end: at, text };
}

/** By key, each by itself: one that cannot be resolved must stay so. */
function valuesOf(root: YAMLMap, document: Document.Parsed): Record<string, unknown> {
  return Object.fromEntries(root.items.map((pair) => [keyText(pair), saidBy(pair.value, document)]));
}

function spliced({ text, file }: ConfigText, name: string, splices: () => readonly Splice[]): string {
  try {
    return applySplices(text, splices());
  } catch (error) {
    if (error instanceof UnclearLayout || error instanceof RangeError)
      throw uneditable(file, name, error.message);
    throw error;
  }
}

interface Edited {
  readonly document: Document.Parsed;
  readonly after: string;
  readonly name: string;
}

/** Throws unless everything but that name is unchanged. */
function requireSame({ file }: ConfigText, { document, after, name }: Edited): void {
  const edited = parsedOrNothing(after, file);
  if (edited !== undefined && isDeepStrictEqual(othersIn(edited, name), othersIn(document, name))) return;
  throw takenFrom(document, name, file) ?? uneditable(file, name, "the surrounding lines do not allow it");
}

function parsedOrNothing(text: string, file: string): Document.Parsed | undefined {
  return unlessThrown(() => configDocument(text, file, { ...TOKENS, uniqueKeys: false }), undefined);
}

/** The values of the other lines, each by itself: one that cannot be resolved must stay so. */
function othersIn(document: Document.Parsed, name: string): unknown[] {
  if (!isMap(document.contents)) return [];
  return document.contents.items
    .filter((item) => !isNamed(item, name))
    .map(({ key, value }) => [saidBy(key, document), saidBy(value, document)]);
}

const UNRESOLVED = Symbol("unresolved");

function saidBy(node: unknown, document: Document.Parsed): unknown {
  return unlessThrown(() => (isNode(node) ? node.toJS(document) : node), UNRESOLVED);
}

/** The error if other lines use an anchor in the line of this name. */
function takenFrom(document: Document.Parsed, name: string, file: string): VouchError | undefined {
  if (!isMap(document.contents)) return undefined;
  const anchors = new Set<string>();
  for (const pair of document.contents.items.filter((item) => isNamed(item, name)))
    for (const node of nodesOf(pair)) if (!isAlias(node) && node.anchor) anchors.add(node.anchor);
  for (const pair of document.contents.items) {
    const alias = nodesOf(pair).find((node) => isAlias(node) && anchors.has(node.source));
    if (alias === undefined || !isAlias(alias) || isNamed(pair, name)) continue;
    const other = isScalar(pair.key) ? String(pair.key.value) : "another line";
    return refusal(
      `${name} cannot be changed in ${file}: ${other} uses its value (&${alias.source}).`,
      `Replace the alias of ${other} with its value`,
      file,
    );
  }
  return undefined;
}

function nodesOf(pair: Pair): Node[] {
  const nodes: Node[] = [];
  for (const part of [pair.key, pair.value])
    if (isNode(part)) visit(part, { Node: (_, node) => void nodes.push(node) });
  return nodes;
}

function uneditable(file: string, name: string, why: string): VouchError {
  return refusal(`${name} cannot be changed in place in ${file}: ${why}.`, "Edit the file", file);
}

function refusal(message: string, advice: string, file: string): VouchError {
  return new VouchError("config-invalid", message, { hint: withCommands`${advice}: ${edit(file)}` });
}

const BYTE_ORDER_MARK = "\ufeff";

/** The first pair of a text that has only blanks, comments and document markers, or in place of its lone `null`. */
function firstPair(text: string, contents: Node | null, pair: string): Splice {
  const { start, end } = contents === null ? { start: 0, end: 0 } : nodeSpan(contents);
  if (start < end) return { start, end, text: pair };
  const at = /^\.\.\.(?=\s|$)/m.exec(text)?.index ?? text.length;
  return insertedLine(text, at, pair);
}

/** A non-empty text without a line break at its end stays without one. */
function insertedLine(text: string, at: number, line: string): Splice {
  const isFirst = at === 0 || text.slice(0, at) === BYTE_ORDER_MARK;
  const newline = lineEnding(text);
  const lacksBreak = !isFirst && text[at - 1] !== "\n";
  return spliceAt(at, lacksBreak ? newline + line : line + newline);
}

function removedLines(text: string, pair: Pair): Splice {
  const first = pairStart(pair);
  const line = lineStart(text, first);
  const mark = text.startsWith(BYTE_ORDER_MARK, line) ? 1 : 0;
  if (text.slice(line + mark, first).trim() !== "") throw new UnclearLayout("it shares a line");
  // Blank lines after a block of text are not part of it.
  const end = nextLine(text, first + text.slice(first, pairEnd(pair)).trimEnd().length);
  const isLast = end === text.length && text[end - 1] !== "\n";
  return { start: isLast ? lineEndBefore(text, line) + mark : line + mark, end, text: "" };
}

/** Where the line break before a line begins. */
function lineEndBefore(text: string, line: number): number {
  if (line === 0) return 0;
  return text[line - 2] === "\r" ? line - 2 : line - 1;
}

/** A setting's value as people write it: a switch is `on` or `off`. */
export function shownSetting(name: SettingName, value: string | boolean): string | boolean {
  if (settingKey(name).kind !== "switch") return value;
  return value === true ? "on" : "off";
}

/** A user without a password: it may be a token. */
const USER_ALONE = /^((?:[a-z][a-z\d+.-]*:)?\/\/)[^:@/]*@/i;

/** An address may contain a password; that of a proxy may lack a scheme. */
export function withoutPassword(value: string): string {
  if (USER_ALONE.test(value)) return value.replace(USER_ALONE, "$1***@");
  return value.replace(/^((?:[a-z][a-z\d+.-]*:\/\/)?[^:@]*):.*@/i, "$1:***@");
}

/** What a user typed, to be shown again, with secrets masked. */
export function repeated(text: string): string {
  return maskText(withoutPassword(text));
}
