/** The lines between us and vouch-webauthn.exe: a name and bytes in hexadecimal. Source: krew/webauthn/message.c. */

/** What the helper is to do. */
export type Act = "assert" | "create";

/** A request: the act, its values, and an empty line. Names may repeat. */
export function helperRequest(act: Act, values: readonly (readonly [string, Uint8Array])[]): string {
  const lines = values.map(([name, bytes]) => `${name} ${Buffer.from(bytes).toString("hex")}\n`);
  return `${act}\n${lines.join("")}\n`;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** What the helper answered: values by their names, or an error of Windows. */
export interface HelperAnswer {
  readonly values: ReadonlyMap<string, Buffer>;
  readonly error?: HelperError;
}

interface HelperError {
  /** An HRESULT in hexadecimal, such as `800704c7`. */
  readonly code: string;
  /** WebAuthn's name for it; several causes share one. */
  readonly name: string;
}

const VALUE = /^([a-z-]{1,30}) ((?:[0-9a-f]{2})*)$/;
const ERROR = /^error ([0-9a-f]{8}) ([!-~]{0,40})$/;

/** Reads a whole answer; undefined if it is incomplete, or anything in it is not as the helper writes it. */
export function helperAnswer(text: string): HelperAnswer | undefined {
  const lines = text.split("\n");
  if (lines.splice(-2).join("") !== "" || !text.endsWith("\n\n")) return undefined;
  const values = new Map<string, Buffer>();
  for (const [index, line] of lines.entries()) {
    const [, code, errorName = ""] = ERROR.exec(line) ?? [];
    if (code !== undefined && index === lines.length - 1) return { values, error: { code, name: errorName } };
    const [, name, hex = ""] = VALUE.exec(line) ?? [];
    if (name === undefined || name === "error" || values.has(name)) return undefined;
    values.set(name, Buffer.from(hex, "hex"));
  }
  return { values };
}
