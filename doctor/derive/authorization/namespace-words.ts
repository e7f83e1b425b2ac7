/** `namespace web`, or `namespaces dev, web` */
export function namespaceWords(names: readonly string[]): string {
  return `${names.length === 1 ? "namespace" : "namespaces"} ${names.join(", ")}`;
}
