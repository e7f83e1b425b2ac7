/** What a person does with the doctor's page. */
import type { Page } from "puppeteer-core";

/** A file that is dropped. */
export interface DroppedFile {
  readonly name: string;
  readonly text?: string;
  /** In place of a text. */
  readonly bytes?: Uint8Array;
  /** Whether it is written in UTF-16 with a byte order mark, as Windows PowerShell does; else in UTF-8. */
  readonly isUtf16?: boolean;
}

/** What the page says. */
export interface Shown {
  readonly status: string;
  /** All words of the report. */
  readonly report: string;
  /** Rows of the catalogue that are the root causes. */
  readonly causes: readonly string[];
}

/** What was read, as the page lists it. */
export function listed(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("#read > li")].map(({ textContent }) => textContent),
  );
}

/** Pastes into the empty page. Firefox gives no data to events of scripts that paste: there the text is dropped. */
export async function paste(page: Page, text: string): Promise<Shown> {
  await page.evaluate(() => document.getElementById("clear")?.click());
  return pasteMore(page, text);
}

/** Pastes beside what was pasted before. */
export async function pasteMore(page: Page, text: string): Promise<Shown> {
  await page.evaluate((pasted) => {
    const said = document.getElementById("status");
    if (said !== null) said.textContent = "";
    const data = new DataTransfer();
    data.setData("text/plain", pasted);
    const common = { bubbles: true, cancelable: true };
    const event = new ClipboardEvent("paste", { ...common, clipboardData: data });
    const hasData = event.clipboardData?.getData("text/plain") === pasted;
    document
      .getElementById("words")
      ?.dispatchEvent(hasData ? event : new DragEvent("drop", { ...common, dataTransfer: data }));
  }, text);
  return settled(page);
}

/** Writes into the box where it is written, without a paste. */
export function write(page: Page, text: string): Promise<void> {
  return page.evaluate((written) => {
    const box = document.activeElement;
    if (!(box instanceof HTMLTextAreaElement)) throw new Error("the box does not have the focus");
    box.setRangeText(written, box.selectionStart, box.selectionEnd, "end");
  }, text);
}

/** Drops files on the page. */
export async function drop(page: Page, files: readonly DroppedFile[]): Promise<Shown> {
  const sent = files.map(({ bytes, ...file }) => ({ ...file, ...(bytes && { bytes: [...bytes] }) }));
  await page.evaluate((dropped) => {
    const status = document.getElementById("status");
    if (status !== null) status.textContent = "";
    const data = new DataTransfer();
    for (const { name, text = "", bytes, isUtf16 } of dropped) {
      const units = Uint16Array.from(`\ufeff${text}`, (unit) => unit.charCodeAt(0));
      data.items.add(
        new File([bytes === undefined ? (isUtf16 === true ? units : text) : Uint8Array.from(bytes)], name),
      );
    }
    document.body.dispatchEvent(
      new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }),
    );
  }, sent);
  return settled(page);
}

/** Waits until the page has said something after whatever was done. */
export function settled(page: Page): Promise<Shown> {
  return page.evaluate(async () => {
    const said = () => document.getElementById("status")?.textContent ?? "";
    const end = performance.now() + 120_000;
    while ((said() === "" || said().endsWith("…")) && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const codes = document.querySelectorAll("#report > .verdict .sure .code, #report > .cause > .sure .code");
    const causes = [...codes].map(({ textContent }) => textContent);
    const words = document.getElementById("report")?.cloneNode(true) as HTMLElement;
    for (const button of words.querySelectorAll("button.copy")) button.remove();
    return { status: said(), report: words.textContent, causes };
  });
}
