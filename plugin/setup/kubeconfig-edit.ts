import { isDeepStrictEqual } from "node:util";
import { isAlias, isMap, visit } from "yaml";
import { edit, run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { unlessThrown, VouchError } from "../../token/errors/errors.ts";
import {
  entriesOf,
  type KubeconfigDocument,
  type KubeRecord,
  kubeconfigInvalid,
  parseKubeconfig,
  SECTIONS,
  type Section,
} from "../../token/kubeconfig/kubeconfig-document.ts";
import { isRecord } from "../../token/record.ts";
import { applySplices } from "../../token/text/splices.ts";
import { UnclearLayout } from "./yaml/layout.ts";
import { lineEnding } from "./yaml/line-offsets.ts";
import { reconcileDocument } from "./yaml/reconcile-value.ts";
import { blockLines, isFilled } from "./yaml/yaml-text.ts";

/** What one entry should be. */
export interface EntryEdit {
  readonly section: Section;
  readonly name: string;
  /** The name that it has in the file, if it is renamed. */
  readonly was?: string | undefined;
  /** The whole body; undefined removes the entry. */
  readonly body: KubeRecord | undefined;
}

export interface KubeconfigEdit {
  readonly entries: readonly EntryEdit[];
  /** Absent: as it is. Null: removed. */
  readonly currentContext?: string | null;
}

/**
 * The file's text with these entries set or removed, and every other byte as it was: comments, order, indentation, line
 * endings, unknown fields. An entry that already is as desired is not touched either.
 *
 * The result is read again and compared with what it should say; if it differs, nothing is returned. Throws
 * `kubeconfig-invalid` if the file shares values through anchors in a way that does not allow the edit, or contains something
 * that kubectl ignores.
 */
export function editKubeconfig(document: KubeconfigDocument, edit: KubeconfigEdit): string {
  const desired = desiredModel(document.model, edit);
  if (isDeepStrictEqual(document.model, desired)) return document.text;
  requireEditable(document);
  const text = rewritten(document, desired);
  requireSameLastBlock(document, text);
  const edited = unlessThrown(() => parseKubeconfig(text, document.path).model, undefined);
  if (!isDeepStrictEqual(edited, desired)) throw refusal(document);
  return text;
}

function requireEditable({ path, passedOver: [uneditable] }: KubeconfigDocument): void {
  if (uneditable === undefined) return;
  const { kind, line, why } = uneditable;
  throw new VouchError("kubeconfig-invalid", `${path} cannot be edited in place: ${why}.`, {
    hint:
      kind === "documents"
        ? withCommands`Move everything from that line onward to a separate file in KUBECONFIG, or remove it: ${edit(path, line)}`
        : withCommands`Remove one of the two: ${edit(path, line)}; what kubectl uses: ${run("kubectl", "config view", { kubeconfig: path })}`,
  });
}

function rewritten({ text, yaml, model, path }: KubeconfigDocument, desired: KubeRecord): string {
  const root = yaml?.contents;
  if (!isMap(root)) return appended(text, desired);
  try {
    return applySplices(text, reconcileDocument(text, root, { current: model, desired }));
  } catch (error) {
    if (!(error instanceof UnclearLayout || error instanceof RangeError)) throw error;
    throw kubeconfigInvalid(
      path,
      `it is written in a way that cannot be edited in place (${error.message})`,
      REWRITE,
    );
  }
}

const REWRITE =
  "Have kubectl rewrite the file without its comments: `kubectl config view --raw --flatten`; or use a different file with `--kubeconfig`.";

/** For a file of blanks and comments only. */
function appended(text: string, desired: KubeRecord): string {
  const newline = lineEnding(text);
  const lines = blockLines({ apiVersion: "v1", kind: "Config", ...desired }, 0);
  const gap = text === "" || text === "\ufeff" || text.endsWith("\n") ? "" : newline;
  return `${text}${gap}${lines.join(newline)}${newline}`;
}

function desiredModel(model: KubeRecord, { entries, currentContext }: KubeconfigEdit): KubeRecord {
  const desired: Record<string, unknown> = { ...model };
  for (const section of Object.keys(SECTIONS) as Section[]) {
    const edits = entries.filter((entry) => entry.section === section);
    const items = desiredItems(model, section, edits);
    if (items.length > 0 || Array.isArray(model[section])) desired[section] = items;
  }
  if (currentContext === null) delete desired["current-context"];
  else if (currentContext !== undefined) desired["current-context"] = currentContext;
  return isFilled(model) || !isFilled(desired) ? desired : { apiVersion: "v1", kind: "Config", ...desired };
}

function desiredItems(model: KubeRecord, section: Section, edits: readonly EntryEdit[]): unknown[] {
  const existing = entriesOf(model, section);
  const byName = new Map(edits.map((edit) => [edit.was ?? edit.name, edit]));
  const items = Array.isArray(model[section]) ? model[section] : [];
  const nameOf = (item: unknown) => (isRecord(item) && typeof item["name"] === "string" ? item["name"] : "");
  const kept = items.flatMap((item: unknown) => {
    const edit = byName.get(nameOf(item));
    if (edit === undefined) return [item];
    if (edit.body === undefined) return [];
    return [{ ...(isRecord(item) ? item : {}), name: edit.name, [SECTIONS[section]]: edit.body }];
  });
  const added = [...byName].flatMap(([was, edit]) =>
    edit.body !== undefined && !existing.has(was) ? [edit] : [],
  );
  return [...kept, ...added.map(({ name, body }) => newItem(section, name, body))];
}

/** In the order in which kubectl writes the fields. */
function newItem(section: Section, name: string, body: unknown): KubeRecord {
  return section === "users" ? { name, user: body } : { [SECTIONS[section]]: body, name };
}

function refusal({ path, yaml }: KubeconfigDocument): VouchError {
  const shared = new Set<string>();
  if (yaml !== undefined) {
    visit(yaml, (_, node) => {
      if (isAlias(node)) shared.add(node.source);
    });
  }
  if (shared.size === 0) {
    return new VouchError(
      "internal",
      `${path} was left unchanged: the edit would not have had the intended result.`,
    );
  }
  const names = [...shared].map((name) => `&${name}`).join(", ");
  return kubeconfigInvalid(
    path,
    `its entries share values (${names}), so the edit would change other entries, too`,
    "Write out the shared values without anchors and aliases, and try again.",
  );
}

/** A block scalar without a line break at its end has another value for kubectl once one follows. */
function requireSameLastBlock({ path, text, yaml }: KubeconfigDocument, edited: string): void {
  if (yaml === undefined || text.endsWith("\n")) return;
  visit(yaml, {
    Scalar(_, { type, range }) {
      const isBlock = type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED";
      if (!isBlock || range?.[1] !== text.length) return;
      const block = text.slice(range[0]);
      if (/^[|>]\d?-/.test(block) || edited.endsWith(block)) return;
      throw kubeconfigInvalid(
        path,
        "it ends in a block of text without a line break",
        withCommands`Add a line break at its end and try again: ${edit(path)}`,
      );
    },
  });
}
