// The members of structs and unions, with the macros that declare members.
import { isDeclaratorParenthesis, readDeclaration } from "./reading-declarations.ts";
import type { Draft } from "./reading-draft.ts";
import { beginsType, Kind, Mark } from "./reading-words.ts";

/** Macros whose arguments end in members, by the argument that names the group. */
const groups = new Map<string, { readonly name: number; readonly members: number }>([
  ["struct_group", { name: 0, members: 1 }],
  ["struct_group_attr", { name: 0, members: 2 }],
  ["struct_group_tagged", { name: 1, members: 2 }],
  ["__struct_group", { name: 1, members: 3 }],
]);

export function readMembers(draft: Draft, from: number, to: number): void {
  let i = from;
  while (i < to) {
    const kind = draft.kind[i]!;
    if (kind === Mark.semicolon) draft.blank(i++);
    else if (kind === Kind.name && draft.at(i + 1, to) === Mark.open) i = readMemberMacro(draft, i, to);
    else if (kind === Kind.name && draft.isAlone(i, to) && !isTypeOfNext(draft, i + 1, to)) draft.blank(i++);
    else {
      const start = i;
      let next = to;
      draft.nest(() => {
        next = readDeclaration(draft, start, to, "member");
      });
      // Every second semicolon in a row is one too many.
      i = Math.max(next, start + 1);
    }
  }
}

/** Whether a name on its own line is the type of the declarator on the next. */
function isTypeOfNext(draft: Draft, i: number, to: number): boolean {
  const kind = draft.at(i, to);
  if (kind === Mark.star || kind === Mark.open) return true;
  if (kind !== Kind.name) return false;
  const after = draft.at(i + 1, to);
  return after !== Kind.name && after !== Mark.star && after !== Mark.open;
}

function readMemberMacro(draft: Draft, i: number, to: number): number {
  const close = draft.close(i + 1, to);
  if (close < 0 || isDeclaratorParenthesis(draft, i + 1, to)) return readDeclaration(draft, i, to, "member");
  const group = groups.get(draft.word(i));
  const after = draft.at(close + 1, to);
  if (group) readGroup(draft, i, close, group);
  else if (
    after === Mark.semicolon ||
    after === Mark.openSquare ||
    after === Mark.comma ||
    draft.newlineAfter(close, to)
  ) {
    if (!nameMember(draft, i, close)) draft.fuse(i, close + 1);
  } else return readDeclaration(draft, i, to, "member");
  const end = draft.find(close + 1, to, Mark.semicolon);
  if (after === Mark.semicolon || after === Mark.openSquare || after === Mark.comma) return Math.min(end + 1, to);
  if (!draft.insertAfter(close, ";")) draft.blank(i, close + 1);
  return close + 1;
}

/** `struct_group(name, members)` becomes `struct name { members }`. */
function readGroup(draft: Draft, i: number, close: number, group: { name: number; members: number }): void {
  let at = i + 2;
  let name = -1;
  for (let part = 0; part < group.members && at < close; part++) {
    const comma = draft.find(at, close, Mark.comma);
    if (part === group.name) name = at;
    else draft.blank(at, comma);
    if (part === group.members - 1 && comma < close) draft.put(draft.start[comma]!, "{");
    else draft.blank(comma);
    at = comma + 1;
  }
  draft.replace(i, "struct");
  draft.blank(i + 1);
  draft.put(draft.start[close]!, "}");
  if (name >= 0 && at <= close) draft.nest(() => readMembers(draft, at, close));
}

/** `MACRO(name, …)` and `MACRO(type, name)` become `MACRO name`. */
function nameMember(draft: Draft, i: number, close: number): boolean {
  const macro = draft.word(i);
  let name = -1;
  let part = 0;
  for (let at = i + 2; at < close; part++) {
    const end = draft.find(at, close, Mark.comma);
    if (end === at + 1 && draft.kind[at] === Kind.name) {
      // The name comes last where a type comes first, otherwise first.
      if (name < 0 || (part === 1 && typeFirst.test(macro))) name = at;
    }
    at = end + 1;
  }
  if (name < 0) return false;
  const comma = name + 1;
  if (part === 2 && name === i + 2 && draft.kind[comma] === Mark.comma && !beginsType(draft.kind[comma + 1]!)) {
    // `DECLARE_BITMAP(name, bits)` keeps its size: `DECLARE_BITMAP name[ bits]`.
    draft.blank(i + 1);
    draft.put(draft.start[comma]!, "[");
    draft.put(draft.start[close]!, "]");
    draft.readers.expression(draft, comma + 1, close);
    return true;
  }
  draft.blank(i + 1, name);
  draft.blank(name + 1, close + 1);
  return true;
}

const typeFirst = /FLEX_ARRAY|_PTR$|RING|_ARRAY|_FIELD/;
