import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, reasonOf, VouchError } from "../../token/errors/errors.ts";
import { decodedText } from "../../token/files/encoding.ts";

/** The most that is read from a pipe, in bytes: as much as from a file. */
const MAX_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** How often an empty pipe is checked, in milliseconds. */
const STEP_MS = 10;

/** How long to wait for a writer that has not opened the pipe yet, in milliseconds. */
const WRITER_MS = 3000;

const { O_RDONLY, O_NONBLOCK } = fs.constants;

/**
 * Everything written into a named pipe, decoded; empty without a writer. It is opened without blocking: a call that waits for
 * the other end would keep the process from ending. Throws `file-unreadable`; rejects when the signal is aborted.
 */
export async function readPipe(pipe: string, signal: AbortSignal): Promise<string> {
  let handle: number | undefined;
  try {
    handle = fs.openSync(pipe, O_RDONLY | (O_NONBLOCK ?? 0));
    return decodedText(await readAll(handle, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    throw new VouchError("file-unreadable", `${pipe} cannot be read: ${reasonOf(error)}.`, { cause: error });
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

async function readAll(handle: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let [size, waited] = [0, 0];
  while (true) {
    const chunk = readNow(handle);
    if (chunk?.length === 0) {
      if (size > 0 || waited >= WRITER_MS) return Buffer.concat(chunks);
      waited += STEP_MS;
    }
    size += chunk?.length ?? 0;
    if (size > MAX_BYTES) throw new Error(`it is longer than ${MAX_BYTES} bytes`);
    if (chunk !== undefined && chunk.length > 0) chunks.push(chunk);
    else await sleep(STEP_MS, undefined, { signal });
  }
}

/** What is in the pipe: empty at its end or without a writer, undefined if a writer has written nothing yet. */
function readNow(handle: number): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    return chunk.subarray(0, fs.readSync(handle, chunk));
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return undefined;
    throw error;
  }
}
