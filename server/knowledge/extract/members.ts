// The members of the structs that a header defines, with their types as written.
import type { RecordDef, Variable } from "../../syntax/ast.ts";
import type { ExtractedMember } from "../extracted.ts";
import { parameterOf, squeeze } from "./declarations.ts";
import { closing, type Source, splitAtCommas } from "./source.ts";

/** A member whose type is not known, since it stands where the reading did not go, has the type "". */
export function membersOf(source: Source): ExtractedMember[] {
  const found: ExtractedMember[] = [];
  const seen = new Set<string>();
  const nested: RecordDef[] = [];
  const visit = (record: RecordDef): void => {
    if (/^struct \w+$/.test(record.name) && !seen.has(record.name)) {
      seen.add(record.name);
      found.push(...membersOfStruct(source, record));
    }
    for (const { type } of record.members) if (type.record !== undefined) nested.push(type.record);
  };
  for (const record of source.parsed.unit.records) visit(record);
  for (const record of nested) visit(record);
  return found;
}

function membersOfStruct(source: Source, record: RecordDef): ExtractedMember[] {
  const made = new Map<string, ExtractedMember>();
  const place = (offset: number) => ({ struct: record.name, path: source.path, line: source.line(offset) });
  const add = (members: readonly Variable[]): void => {
    for (const variable of members) {
      if (variable.name !== "") {
        const type = record.complete ? memberType(source.clean, variable, members) : "";
        made.set(variable.name, { ...place(variable.nameSpan.start), member: variable.name, type });
      }
      // Members of an unnamed struct or union, and of a struct_group(), are members of what is around it.
      const inner = variable.type.record;
      if (inner !== undefined && (variable.name === "" || isGroup(source, variable))) add(inner.members);
    }
  };
  add(record.members);
  const read = record.complete ? record.members.map(({ type, end }) => ({ start: type.start, end })) : [];
  for (const { name, at } of namesIn(source.clean, record)) {
    if (made.has(name) || read.some((each) => each.start <= at && at < each.end)) continue;
    made.set(name, { ...place(at), member: name, type: "" });
  }
  return [...made.values()];
}

function isGroup(source: Source, variable: Variable): boolean {
  return /^_*struct_group/.test(source.clean.slice(variable.type.start, variable.type.start + 16));
}

/** What may be a member in any arm of a conditional: a name before `;`, `,`, `:`, `[` or the end of `(*name)`. */
function* namesIn(clean: string, record: RecordDef): Generator<{ name: string; at: number }> {
  const text = clean.slice(record.start, record.end);
  for (const found of text.matchAll(/([A-Za-z_]\w*)\s*(?:[;:[]|,|\)\s*\(|\))/g)) {
    yield { name: found[1]!, at: record.start + found.index };
  }
}

/** The declaration without the member's name; a struct defined in place is only said to be one. */
function memberType(clean: string, variable: Variable, siblings: readonly Variable[]): string {
  const { start } = variable.type;
  const first = Math.min(...siblings.filter((each) => each.type.start === start).map((each) => each.start));
  const head =
    variable.type.record === undefined ? clean.slice(start, Math.max(start, first)) : `${variable.type.base} `;
  const { nameSpan } = variable;
  const declarator = clean.slice(variable.start, nameSpan.start) + clean.slice(nameSpan.end, variable.end);
  const type = squeeze(`${head}${declarator}`)
    .replace(/\s*\(\s*\*\s*\)\s*\(/, " (*)(")
    .replace(/ \[/g, "[")
    .replace("(, ", "(")
    .replace(/ ?: ?\d+$/, "");
  return withoutParameterNames(type);
}

/** `int (*)(struct inode *inode, int)` becomes `int (*)(struct inode *, int)`: what its parameters are called means nothing. */
function withoutParameterNames(type: string): string {
  const at = type.indexOf("(*)(");
  if (at < 0 || closing(type, at + 3) !== type.length - 1) return type;
  const parts = splitAtCommas(type, at + 4, type.length - 1).map(({ start, end }) => type.slice(start, end).trim());
  return `${type.slice(0, at + 4)}${parts.map((each) => parameterOf(each).type || each).join(", ")})`;
}
