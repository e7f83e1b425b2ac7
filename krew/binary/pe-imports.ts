/** Which libraries a 64-bit Windows executable has loaded at its start. Source: Microsoft, "PE Format", 2024: import directory table. */

/** Size of an entry of the section table, of an entry of the import table, and where the name is in the latter; in bytes. */
const SECTION_SIZE = 40;
const IMPORT_SIZE = 20;
const NAME_AT = 12;

/** Offset of the entry for imports in the optional header, in bytes. */
const IMPORT_DIRECTORY_AT = 112 + 8;

/** The names, in lower case. `file` is one that `readPe` accepts. */
export function importedLibraries(file: Buffer): string[] {
  const headerAt = file.readUInt32LE(60);
  const table = file.readUInt32LE(headerAt + 24 + IMPORT_DIRECTORY_AT);
  if (table === 0) return [];
  const names: string[] = [];
  for (let at = offsetOf(file, table); file.readUInt32LE(at + NAME_AT) !== 0; at += IMPORT_SIZE) {
    const nameAt = offsetOf(file, file.readUInt32LE(at + NAME_AT));
    names.push(file.toString("latin1", nameAt, file.indexOf(0, nameAt)).toLowerCase());
  }
  return names;
}

/** Where in the file something is that is at this address once the program is loaded. @throws RangeError if nothing is. */
export function offsetOf(file: Buffer, address: number): number {
  const headerAt = file.readUInt32LE(60);
  const sectionsAt = headerAt + 24 + file.readUInt16LE(headerAt + 20);
  for (let index = 0; index < file.readUInt16LE(headerAt + 6); index += 1) {
    const at = sectionsAt + index * SECTION_SIZE;
    const [start, size, fileOffset] = [12, 16, 20].map((field) => file.readUInt32LE(at + field));
    if (start !== undefined && size !== undefined && address >= start && address < start + size)
      return address - start + (fileOffset ?? 0);
  }
  throw new RangeError(`no section contains address ${address}`);
}
