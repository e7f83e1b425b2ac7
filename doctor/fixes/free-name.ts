/** The name, with the first number that makes it unique if it is taken: `lab`, `lab-2`, `lab-3`. */
export function freeName(name: string, taken: Iterable<string>): string {
  const all = new Set(taken);
  const numbered = [...all].map((_, index) => `${name}-${index + 2}`);
  return [name, ...numbered].find((one) => !all.has(one)) ?? name;
}
