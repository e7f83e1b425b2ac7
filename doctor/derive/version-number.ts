/** Whether a version as programs print it (`v1.36.0`, `Helm 3.5.4+g1b5`) is older than major and minor; unknown ones are not. */
export function isOlderThan(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, first, second] = /(?<!\d)(\d+)\.(\d+)/.exec(version) ?? [];
  if (first === undefined) return false;
  return Number(first) < major || (Number(first) === major && Number(second) < minor);
}
