/** The page: takes what is pasted or dropped, lets the worker judge it, and shows what that says. */
import { SHELLS, type Shell } from "../../token/command/render-command.ts";
import type { HtmlElement } from "../report/html/node.ts";
import { type Question, WorkerQueue } from "./ask-worker.ts";
import { addCopyButtons, byId, copyText, fill, save, unfoldForPrinter } from "./dom.ts";
import { EXAMPLES } from "./examples.ts";
import { LONG, MAX_BYTES } from "./limits.ts";
import { MESSAGE_FORMS, messageAs } from "./message-forms.ts";
import type { Judged, PageAnswer, SentText, TakenLine } from "./messages.ts";
import { readList } from "./read-list.ts";

/** How many characters are encoded at once. */
const PIECE = 1_000_000;

const words = byId("words", HTMLTextAreaElement);
const status = byId("status", HTMLElement);
const report = byId("report", HTMLElement);
const shells = byId("shell", HTMLSelectElement);
const queue = new WorkerQueue(workerSource);
/** What was read; its secrets are masked. */
let texts: readonly SentText[] = [];
let judged: Judged | undefined;
/** Undefined until somebody chooses one: then it is the one whose prompt is seen. */
let shell: Shell | undefined;
/** Undefined until somebody says whose call fails: then it is what the texts show. */
let client: string | undefined;
/** How often the page was cleared: what began before the last time is dropped. */
let clearings = 0;
/** How much work waits or runs. */
let busy = 0;
let last: Promise<void> = Promise.resolve();

byId("ask", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  ask(words.value);
});
byId("clear", HTMLButtonElement).addEventListener("click", () => {
  clear();
  words.focus();
});
byId("files", HTMLInputElement).addEventListener("change", ({ currentTarget }) => {
  if (!(currentTarget instanceof HTMLInputElement)) return;
  take([...(currentTarget.files ?? [])].map((file) => ({ name: file.name, text: file })));
  // Otherwise choosing the same file again would fire no event.
  currentTarget.value = "";
});
shells.addEventListener("change", () => {
  shell = SHELLS.find((name) => name === shells.value);
  if (judged !== undefined) inTurn(diagnose);
});
byId("redact", HTMLInputElement).addEventListener("change", () => {
  if (judged !== undefined) inTurn(diagnose);
});
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
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && busy > 0) {
    clearings += 1;
    queue.stop();
    say("Stopped.");
  }
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  ask(words.value);
});
document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("button") : null;
  if (button === null) return;
  if (button.classList.contains("copy")) copyBlock(button);
  else if (button.closest("#read") !== null) inTurn(() => remove(Number(button.value)));
  else if (button.closest(".clients") !== null) {
    client = button.value;
    inTurn(diagnose);
  } else if (button.closest(".examples") !== null) showExample(button.value);
  else if (judged !== undefined && button.id === "save-report")
    save("eks-report.html", judged.document, "text/html");
  else if (judged !== undefined && button.id === "save-evidence")
    save("case.json", judged.evidence, "application/json");
});
globalThis.addEventListener("beforeprint", unfoldForPrinter);
byId("save-page", HTMLAnchorElement).addEventListener("click", ({ currentTarget }) => {
  // A link to a place on the page is no download for Firefox.
  if (currentTarget instanceof HTMLAnchorElement) currentTarget.href = document.URL.replace(/#.*/s, "");
});
globalThis.addEventListener("hashchange", followFragment);
followFragment();

/** Opens what the address names: an example, or a code of the catalogue. An address carries no data of anybody. */
function followFragment(): void {
  const name = new URL(document.URL).hash.slice(1).replace(/^example=/, "");
  if (EXAMPLES.some(({ id }) => id === name)) showExample(name);
  else if (/^[A-Z]{1,2}\d{1,2}[a-z]?$/.test(name)) inTurn(() => explain(name));
}

function showExample(name: string): void {
  const example = EXAMPLES.find(({ id }) => id === name);
  if (example === undefined) return;
  clear();
  take([{ text: example.text }]);
}

/** Runs one piece of work at a time, so that no paste gets lost. */
function inTurn(work: () => Promise<void>): void {
  const begun = clearings;
  busy += 1;
  last = last
    .then(() => (begun === clearings ? work() : undefined))
    .catch((error: unknown) => refuse(`It cannot be read: ${error instanceof Error ? error.message : error}`))
    .finally(() => {
      busy -= 1;
    });
}

/** The answer; undefined if the page was cleared meanwhile. */
async function answerTo(question: Question, size: number): Promise<PageAnswer | undefined> {
  const begun = clearings;
  const answer = await queue.ask(question, size);
  return begun === clearings ? answer : undefined;
}

/** Takes what is typed, judges, and goes to the verdict. */
function ask(typed: string): void {
  const isTyped = typed.trim() !== "";
  if (isTyped) take([{ text: typed }]);
  else if (judged === undefined) inTurn(diagnose);
  inTurn(async () => {
    if (isTyped && texts.length > 0) words.value = "";
    document.getElementById("verdict")?.focus();
  });
}

/** Takes files or a text; anything else is left to the browser. */
function receive(event: Event, data: DataTransfer): void {
  const files = [...data.files];
  const text = files.length > 0 ? "" : data.getData("text/plain");
  if (files.length === 0 && text === "") return;
  event.preventDefault();
  take(files.length > 0 ? files.map((file) => ({ name: file.name, text: file })) : [{ text }]);
}

/** Has texts masked, adds them to those that are there, and judges. */
function take(given: readonly SentText[]): void {
  inTurn(async () => {
    const size = sizeOf(given) + sizeOf(texts);
    if (size > MAX_BYTES) return refuse(tooLarge(size));
    say(working("Reading", sizeOf(given)));
    const sent = await Promise.all(
      given.map(async ({ name, text }) => ({ name, text: await inPieces(text) })),
    );
    // What is not ASCII has more bytes than characters.
    const bytes = sizeOf(sent) + sizeOf(texts);
    if (bytes > MAX_BYTES) return refuse(tooLarge(bytes));
    const answer = await answerTo({ kind: "mask", now: Date.now(), texts: sent }, sizeOf(sent));
    if (answer?.kind !== "masked") return refused(answer);
    texts = [...texts, ...answer.texts];
    await diagnose();
    const { top } = report.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) report.scrollIntoView();
  });
}

/** A long text as a blob. It is encoded piece by piece, so that the page answers meanwhile. */
async function inPieces(text: string | Blob): Promise<string | Blob> {
  if (typeof text !== "string" || text.length <= LONG) return text;
  const pieces: Blob[] = [];
  for (let at = 0; at < text.length; ) {
    const isCut = /[\ud800-\udbff]/.test(text.charAt(at + PIECE - 1));
    const end = at + (isCut ? PIECE - 1 : PIECE);
    pieces.push(new Blob([text.slice(at, end)]));
    at = end;
    await new Promise((resolve) => setTimeout(resolve));
  }
  return new Blob(pieces);
}

async function diagnose(): Promise<void> {
  const read = texts.filter(({ problem }) => problem === undefined);
  if (texts.length === 0) return refuse("There is nothing to diagnose yet: paste an error, or drop a file.");
  if (read.length === 0) return refuse("None of these files contains text.");
  const size = sizeOf(read);
  if (size > MAX_BYTES) return refuse(tooLarge(size));
  say(working("Judging", size));
  const { checked: redact } = byId("redact", HTMLInputElement);
  const answer = await answerTo({ kind: "judge", now: Date.now(), texts: read, shell, client, redact }, size);
  if (answer?.kind !== "judged") return refused(answer);
  shells.value = answer.shell;
  show(answer, answer.taken);
  say(answer.status, true);
}

async function explain(row: string): Promise<void> {
  const answer = await answerTo({ kind: "explain", now: Date.now(), texts: [], row }, 0);
  if (answer?.kind !== "explained") return refused(answer);
  showReport(answer.report);
  say("");
}

function working(doing: string, size: number): string {
  return size < 1_000_000 ? `${doing}…` : `${doing} ${Math.round(size / 1_000_000)} MB; Esc stops it…`;
}

function refused(answer: PageAnswer | undefined): void {
  if (answer?.kind === "refused") refuse(answer.why, answer.taken);
}

function refuse(why: string, taken: readonly TakenLine[] = []): void {
  show(undefined, taken);
  say(why);
}

/** Shows a diagnosis, or none. A focus within the old report goes to the beginning of the new one. */
function show(next: Judged | undefined, taken: readonly TakenLine[]): void {
  judged = next;
  showReport(next?.report ?? []);
  const list = byId("read", HTMLElement);
  const buttons = () => [...list.querySelectorAll("button")];
  const focused = buttons().findIndex((button) => button.isSameNode(document.activeElement));
  // The worker counts the texts that it has judged.
  const places = texts.flatMap(({ problem }, index) => (problem === undefined ? [index] : []));
  fill(
    list,
    readList(
      texts,
      taken.map((line) => ({ ...line, text: places[line.text] ?? line.text })),
    ),
  );
  byId("read-words", HTMLElement).hidden = texts.length === 0;
  if (focused >= 0) (buttons()[Math.min(focused, texts.length - 1)] ?? words).focus();
}

function showReport(nodes: readonly HtmlElement[]): void {
  const hadFocus = report.contains(document.activeElement);
  const isChoosing = document.activeElement?.closest(".clients") != null;
  fill(report, nodes);
  addCopyButtons(report);
  document.body.classList.toggle("judged", nodes.length > 0);
  const chosen = isChoosing ? report.querySelector<HTMLElement>(".clients [aria-pressed=true]") : null;
  if (hadFocus) (chosen ?? document.getElementById("verdict") ?? words).focus();
}

function remove(index: number): Promise<void> {
  texts = texts.filter((_, at) => at !== index);
  return diagnose();
}

function clear(): void {
  clearings += 1;
  queue.stop();
  words.value = "";
  texts = [];
  client = undefined;
  show(undefined, []);
  say("");
}

function copyBlock(button: HTMLButtonElement): void {
  const block = button.nextElementSibling;
  if (block === null) return;
  const form = button.closest(".message")?.querySelector("select")?.value;
  const text = block.textContent;
  const isCopied = copyText(messageAs(MESSAGE_FORMS.find((name) => name === form) ?? "plain", text), block);
  button.textContent = isCopied ? "Copied" : "Select it and press Ctrl+C";
  say(isCopied ? "Copied." : "The browser did not allow it: select the text and press Ctrl+C.", isCopied);
  setTimeout(() => {
    button.textContent = "Copy";
  }, 2000);
}

/** Says something; what the report shows, too, only to those who hear it. */
function say(what: string, isShown = false): void {
  status.classList.toggle("said", isShown);
  status.textContent = what;
}

/** The size of texts together, in bytes; of a short string at most. */
function sizeOf(given: readonly SentText[]): number {
  return given.reduce((sum, { text }) => sum + (typeof text === "string" ? text.length : text.size), 0);
}

function tooLarge(size: number): string {
  return `That is ${Math.ceil(size / 1_000_000)} MB, but at most ${MAX_BYTES / 1_000_000} MB can be read.`;
}

/** The address of the worker's script, which is compressed in the page. */
async function workerSource(): Promise<string> {
  const packed = atob(byId("worker", HTMLScriptElement).text);
  const bytes = Uint8Array.from(packed, (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return URL.createObjectURL(new Blob([await new Response(stream).text()], { type: "text/javascript" }));
}
