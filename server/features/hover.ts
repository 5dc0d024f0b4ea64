// What a hover shows: the card of what is under the cursor, the driver's own or the kernel's.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { Program } from "../program/program.ts";
import { tableMemberAt } from "../program/table-members.ts";
import type { Span } from "../text/lines.ts";
import type { Checked } from "./check.ts";
import { constantCard } from "./constant-card.ts";
import { functionCard } from "./function-card.ts";
import { kernelCard, kernelFact, memberCard, scopeCard } from "./kernel-card.ts";

export interface Card extends Span {
  readonly markdown: string;
}

/** `checked` is what is known of the driver itself: its own functions come before the kernel's. */
export function hover(
  knowledge: Knowledge,
  checked: Checked | undefined,
  text: string,
  offset: number,
): Card | undefined {
  const span = nameAt(text, offset);
  if (span === undefined) return undefined;
  const name = text.slice(span.start, span.end);
  const own = checked?.facts?.functions.get(name);
  const markdown =
    checked !== undefined && own !== undefined
      ? functionCard(checked.program, own)
      : kernelName(checked?.program.knowledge ?? knowledge, checked, text, span);
  return markdown === undefined ? undefined : { ...span, markdown };
}

function kernelName(knowledge: Knowledge, checked: Checked | undefined, text: string, span: Span): string | undefined {
  const program = checked?.program;
  const inProgram = checked?.inProgram?.(span) ?? span;
  const name = text.slice(span.start, span.end);
  const before = text.slice(Math.max(0, span.start - 80), span.start);
  if (/\b(scoped_)?(cond_)?guard\s*\(\s*$|\bCLASS\s*\(\s*$/.test(before)) return scope(knowledge, name, false);
  if (/\b__free\s*\(\s*$/.test(before)) return scope(knowledge, name, true);
  // A member: of a table of callbacks it is known, of any other struct it is the driver's or not a function.
  if (/(->|\.)\s*$/.test(before) && !/\.\.\.$/.test(before)) return program && member(program, inProgram);
  const isCalled = /^\s*\(/.test(text.slice(span.end, span.end + 20));
  if (program !== undefined && !isCalled && isVariable(program, name, inProgram)) return undefined;
  const constant = program === undefined ? undefined : constantCard(program, name);
  if (constant !== undefined) return constant;
  const fact = kernelFact(knowledge, name);
  if (fact !== undefined)
    return isCalled || fact.kind === "function" || fact.maySleepBy === "curated"
      ? kernelCard(knowledge, fact)
      : undefined;
  const other = isCalled ? knowledge.elsewhere(name) : undefined;
  if (other === undefined) return undefined;
  return `**Not found in Linux ${knowledge.release}.** Another version has it:\n\n${kernelCard(knowledge, other)}`;
}

function scope(knowledge: Knowledge, name: string, frees: boolean): string | undefined {
  const found = knowledge.scopes(name).find((each) => (each.kind === "free") === frees);
  const guard = frees ? undefined : knowledge.guard(name);
  return found === undefined && guard === undefined ? undefined : scopeCard(name, found, guard);
}

/** The name is a variable there, or a type's; a macro of the same name is not meant. */
function isVariable(program: Program, name: string, span: Span): boolean {
  for (const { def } of program.functions.values())
    if (def.start <= span.start && span.end <= def.end && program.types.isLocal(def, name)) return true;
  return program.file.unit.variables.some((variable) => variable.name === name);
}

/** `.probe = …` in a table of callbacks. */
function member(program: Program, span: Span): string | undefined {
  const found = tableMemberAt(program, span);
  const ops = found === undefined ? undefined : program.knowledge.ops(found.struct);
  return found && ops && memberCard(program.knowledge, found.struct, found.member, ops);
}

function nameAt(text: string, offset: number): Span | undefined {
  const part = /[A-Za-z0-9_]/;
  let start = offset;
  let end = offset;
  while (start > 0 && part.test(text[start - 1]!)) start--;
  while (end < text.length && part.test(text[end]!)) end++;
  return start === end || /[0-9]/.test(text[start]!) ? undefined : { start, end };
}
