import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from "yaml";
import { edit } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { SettingName } from "../../token/settings/setting-keys.ts";
import { configDocument, noLines, readConfig } from "../../token/settings/settings.ts";
import { applySplices, type Splice } from "../../token/text/splices.ts";
import { contentEnd, isFlow, nodeSpan, UnclearLayout, valueSlot } from "../setup/yaml/layout.ts";
import { flowText, inlineText } from "../setup/yaml/yaml-text.ts";
import { addedPair, firstPair, removedPair } from "./pair-splices.ts";
import { shownSetting } from "./shown-setting.ts";

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
    if (root === undefined) return [firstPair(text, document.contents, plainPair(name, shown))];
    const pair = root.items.find((item) => isNamed(item, name));
    if (pair !== undefined) return [replacedValue(text, { root, pair }, shown)];
    return [addedPair(text, root, isFlow(root) ? flowPair(name, shown) : plainPair(name, shown))];
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
  const after = spliced(config, name, () => removedPair(text, root, pair));
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

function plainPair(name: string, value: string | boolean): string {
  return `${name}: ${plainText(value)}`;
}

function flowPair(name: string, value: string | boolean): string {
  return `${flowText(name)}: ${flowText(value)}`;
}

function replacedValue(
  text: string,
  { root, pair }: { readonly root: YAMLMap; readonly pair: Pair },
  value: string | boolean,
): Splice {
  const slot = valueSlot(pair);
  const written = isFlow(root) ? flowText(value) : plainText(value);
  if (!isNode(pair.value)) throw new UnclearLayout("its value is missing");
  const { start, end } = nodeSpan(pair.value);
  if (start === end) return { start: slot, end: slot, text: ` ${written}` };
  // Blank lines after a block of text are not part of it.
  const last = start + text.slice(start, contentEnd(pair.value)).trimEnd().length;
  const isBlock = isCollection(pair.value) && !isFlow(pair.value);
  return isBlock ? { start: slot, end: last, text: ` ${written}` } : { start, end: last, text: written };
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
  try {
    return configDocument(text, file, { ...TOKENS, uniqueKeys: false });
  } catch {
    return undefined;
  }
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
  try {
    return isNode(node) ? node.toJS(document) : node;
  } catch {
    return UNRESOLVED;
  }
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
      `Replace the alias of ${other} by its value`,
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
