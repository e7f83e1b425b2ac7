/** `2026-01-15T12:00:00Z`: the form that all readers of token files accept, and programs that read our output. */
export function timestamp(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
