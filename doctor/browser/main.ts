/** The page: takes what is pasted or dropped, lets the worker judge it, and shows what that says. */
import { SHELLS } from "../../token/command/render-command.ts";
import { shown } from "../../token/text/printable.ts";
import type { PastedText } from "../paste/read-paste.ts";
import { el } from "../report/html/node.ts";
import { type Question, WorkerQueue } from "./ask-worker.ts";
import { fill, insertText } from "./dom.ts";
import { fileText } from "./file-text.ts";
import type { Judged, PageAnswer } from "./messages.ts";

/** The most that is read, all texts together, in bytes. */
const MAX_BYTES = 20_000_000;

function byId<T extends Element>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`the page has no ${id}`);
}

const words = byId("words", HTMLTextAreaElement);
const status = byId("status", HTMLElement);
const queue = new WorkerQueue(workerSource);
let files: readonly PastedText[] = [];
let judged: Judged | undefined;
/** How often the page was cleared: what began before the last time is dropped. */
let clearings = 0;
let last: Promise<void> = Promise.resolve();

byId("ask", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  inTurn(async () => {
    await diagnose();
    document.getElementById("verdict")?.focus();
  });
});
byId("clear", HTMLButtonElement).addEventListener("click", () => {
  clearings += 1;
  queue.stop();
  words.value = "";
  files = [];
  listFiles();
  show(undefined);
  status.textContent = "";
  words.focus();
});
byId("files", HTMLInputElement).addEventListener("change", ({ currentTarget }) => {
  if (!(currentTarget instanceof HTMLInputElement)) return;
  take([...(currentTarget.files ?? [])]);
  // Otherwise choosing the same file again would fire no event.
  currentTarget.value = "";
});
for (const id of ["shell", "redact"])
  byId(id, HTMLElement).addEventListener("change", () => judged !== undefined && inTurn(diagnose));
document.addEventListener("paste", (event) => {
  if (event.clipboardData !== null) receive(event, event.clipboardData);
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", () => document.body.classList.remove("dropping"));
document.addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  event.preventDefault();
  if (event.dataTransfer !== null) receive(event, event.dataTransfer);
});
byId("save-report", HTMLButtonElement).addEventListener("click", () => {
  if (judged !== undefined) save("eks-report.html", judged.document, "text/html");
});
byId("save-evidence", HTMLButtonElement).addEventListener("click", () => {
  if (judged !== undefined) save("case.json", judged.evidence, "application/json");
});
globalThis.addEventListener("beforeprint", () => {
  const folded = document.querySelectorAll("#report details:not([open])");
  for (const details of folded) details.setAttribute("open", "");
  const fold = () => {
    for (const details of folded) details.removeAttribute("open");
  };
  globalThis.addEventListener("afterprint", fold, { once: true });
});

/** Runs one piece of work at a time, so that no paste gets lost. */
function inTurn(work: () => Promise<void>): void {
  const begun = clearings;
  last = last
    .then(() => (begun === clearings ? work() : undefined))
    .catch((error: unknown) =>
      refuse(`It cannot be read: ${error instanceof Error ? error.message : error}`),
    );
}

/** The answer; undefined if the page was cleared meanwhile. */
async function ask(question: Question): Promise<PageAnswer | undefined> {
  const begun = clearings;
  const answer = await queue.ask(question);
  return begun === clearings ? answer : undefined;
}

/** Takes files or a text; anything else is left to the browser. */
function receive(event: Event, data: DataTransfer): void {
  const text = data.getData("text/plain");
  if (data.files.length === 0 && text === "") return;
  event.preventDefault();
  if (data.files.length > 0) take([...data.files]);
  else inTurn(() => insert(text));
}

/** Puts a text into the box, its secrets masked, and judges. */
async function insert(text: string): Promise<void> {
  const masked = await withoutSecrets([{ text }], [{ text: words.value }]);
  if (masked === undefined) return;
  insertText(words, masked[0]?.text ?? "");
  await diagnose();
}

/** Reads files, masks their secrets, and judges. */
function take(given: readonly File[]): void {
  inTurn(async () => {
    const size = given.reduce((sum, file) => sum + file.size, 0);
    if (size > MAX_BYTES) return refuse(tooLarge(size));
    const texts = await Promise.all(
      given.map(async (file) => ({
        name: file.name,
        text: fileText(new Uint8Array(await file.arrayBuffer())),
      })),
    );
    const masked = await withoutSecrets(texts, files);
    if (masked === undefined) return;
    files = [...files, ...masked];
    listFiles();
    await diagnose();
  });
}

/**
 * Texts with their secrets masked, to be added to those that are there; undefined if they were refused, or the page was cleared.
 */
async function withoutSecrets(
  texts: readonly PastedText[],
  there: readonly PastedText[],
): Promise<readonly PastedText[] | undefined> {
  const size = sizeOf([...texts, ...there]);
  if (size > MAX_BYTES) return void refuse(tooLarge(size));
  status.textContent = "Reading…";
  const answer = await ask({ kind: "mask", now: Date.now(), texts });
  if (answer?.kind === "masked") return answer.texts;
  return void refused(answer);
}

async function diagnose(): Promise<void> {
  const typed = words.value.trim() === "" ? [] : [{ text: words.value }];
  const texts = [...typed, ...files];
  if (texts.length === 0) return refuse("There is nothing to judge yet: paste an error, or drop a file.");
  const size = sizeOf(texts);
  if (size > MAX_BYTES) return refuse(tooLarge(size));
  status.textContent = "Judging…";
  const shell = SHELLS.find((name) => name === byId("shell", HTMLSelectElement).value) ?? "bash";
  const { checked: redact } = byId("redact", HTMLInputElement);
  const answer = await ask({ kind: "judge", now: Date.now(), texts, shell, redact });
  if (answer?.kind !== "judged") return refused(answer);
  show(answer);
  status.textContent = answer.status;
}

function refused(answer: PageAnswer | undefined): void {
  if (answer?.kind === "refused") refuse(answer.why);
}

function refuse(why: string): void {
  show(undefined);
  status.textContent = why;
}

/** Shows a diagnosis, or none. A focus within the old report goes to the beginning of the new one. */
function show(next: Judged | undefined): void {
  judged = next;
  const report = byId("report", HTMLElement);
  const hadFocus = report.contains(document.activeElement);
  fill(byId("pieces", HTMLElement), next?.taken ?? []);
  fill(report, next?.report ?? []);
  if (hadFocus) (document.getElementById("verdict") ?? words).focus();
  const taken = byId("taken", HTMLElement);
  taken.hidden = next === undefined;
  taken.toggleAttribute("open", next?.isLeftOut === true);
  byId("taken-words", HTMLElement).textContent = next?.takenHeading ?? "";
  byId("saving", HTMLElement).hidden = next === undefined;
}

/** Renders the list of files. The focus keeps its place in the list; if no file is left, it goes to the box. */
function listFiles(): void {
  const list = byId("dropped", HTMLElement);
  const buttons = () => [...list.querySelectorAll("button")];
  const focused = buttons().findIndex((button) => button.isSameNode(document.activeElement));
  fill(
    list,
    files.map(({ name = "" }) =>
      el(
        "li",
        {},
        `${shown(name)} `,
        el("button", { type: "button", class: "second" }, `Remove ${shown(name)}`),
      ),
    ),
  );
  for (const [index, button] of buttons().entries())
    button.addEventListener("click", () => inTurn(() => remove(index)));
  if (focused >= 0) (buttons()[Math.min(focused, files.length - 1)] ?? words).focus();
}

function remove(index: number): Promise<void> {
  files = files.filter((_, at) => at !== index);
  listFiles();
  return diagnose();
}

/** The size of all texts together, in bytes. */
function sizeOf(texts: readonly PastedText[]): number {
  return new Blob(texts.map(({ text }) => text)).size;
}

function tooLarge(size: number): string {
  return `That is ${Math.ceil(size / 1_000_000)} MB, and ${MAX_BYTES / 1_000_000} MB are read at most.`;
}

/** Has the browser save a text as a file. */
function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = document.createElement("a");
  anchor.download = name;
  anchor.href = address;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The address of the worker's script, which is compressed in the page. */
async function workerSource(): Promise<string> {
  const packed = atob(byId("worker", HTMLScriptElement).text);
  const bytes = Uint8Array.from(packed, (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return URL.createObjectURL(new Blob([await new Response(stream).text()], { type: "text/javascript" }));
}
