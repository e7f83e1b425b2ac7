import { TEXT_FUNCTIONS } from "../text/functions.ts";
import { SHAPES, shaped } from "../text/shapes.ts";

/** Four times the text: a square would take sixteen times the processor's time. */
const MOST = 10;

/** What is quicker than this, in milliseconds, is not told from noise. */
const FLOOR_MS = 3;

/** Rounds of measuring, until one is quick enough: the engine may have compiled or collected garbage. */
const ROUNDS = 40;

/** What reads text of others in a time that grows more than tenfold from 10,000 to 40,000 characters, and text of which shape. */
export function slowReadings(): readonly string[] {
  return Object.entries(TEXT_FUNCTIONS).flatMap(([name, work]) =>
    SHAPES.filter((shape) => !growsLinearly(work, shape)).map((shape) => `${name} (${shape})`),
  );
}

function growsLinearly(work: (text: string) => unknown, shape: string): boolean {
  const [short, long] = [shaped(shape, 10_000), shaped(shape, 40_000)];
  let [shortMs, longMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    shortMs = Math.min(shortMs, timeOf(work, short));
    longMs = Math.min(longMs, timeOf(work, long));
    if (longMs <= MOST * Math.max(FLOOR_MS, shortMs)) return true;
  }
  return false;
}

function timeOf(work: (text: string) => unknown, text: string): number {
  const start = process.cpuUsage();
  try {
    work(text);
  } catch {}
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
