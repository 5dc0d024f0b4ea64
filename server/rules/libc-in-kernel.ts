// libc-in-kernel: headers and functions of the C library, which kernel code does not have.
import type { Facts } from "../analysis/facts.ts";
import type { LibcFact } from "../knowledge/schema.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Fix, Rule } from "./rule.ts";
import { edit } from "./wording.ts";

export const libcInKernel: Rule = {
  id: "libc-in-kernel",
  severity: "error",
  summary: "A header or function of the C library is used; the kernel has its own.",
  check(program, facts) {
    return [...headers(program), ...calls(program, facts)];
  },
};

function headers(program: Program): Finding[] {
  return program.file.unit.includes.flatMap((include) => {
    const fact = include.system ? program.knowledge.libcHeader(include.path) : undefined;
    if (fact === undefined) return [];
    return [
      {
        rule: "libc-in-kernel",
        severity: "error" as const,
        message: `<${include.path}> is a C library header${fact.kernel === undefined ? ", which kernel code does not have" : `: use ${fact.kernel}`}`,
        file: program.path,
        start: include.start,
        end: include.end,
        related: [],
        fixes: [removal(program, include.start, include.end, include.path)],
      },
    ];
  });
}

/** The whole line goes, unless something stands beside the directive. */
function removal(program: Program, start: number, end: number, path: string): Fix {
  const { text } = program.file;
  const next = text[end] === "\r" ? end + 2 : text[end] === "\n" ? end + 1 : end;
  return { title: `Remove <${path}>`, edits: [edit(program, { start, end: next }, "")], preferred: true };
}

function calls(program: Program, facts: Facts): Finding[] {
  const findings: Finding[] = [];
  if (mayBeTheProjectsOwn(program)) return findings;
  const { macros } = program;
  const files = [program.file, ...program.headers];
  const prototypes = new Set(files.flatMap(({ unit }) => unit.prototypes.map((each) => each.name)));
  for (const { fn } of facts.functions.values()) {
    for (const block of fn.cfg.blocks) {
      for (const event of block.events) {
        const name = event.kind === "call" ? event.name : undefined;
        if (event.kind !== "call" || name === undefined) continue;
        if (facts.functions.has(name) || facts.inlines.has(name) || macros.has(name) || prototypes.has(name)) continue;
        if (program.types.isLocal(fn.def, name)) continue;
        const fact = program.knowledge.libcFunction(name);
        if (fact === undefined) continue;
        const { start, end } = event.expr.callee;
        findings.push({
          rule: "libc-in-kernel",
          severity: "error",
          message: `${name}() is not available in the kernel${fact.kernel === undefined ? "" : `: use ${spelled(fact.kernel)}`}`,
          file: program.path,
          function: fn.name,
          start,
          end,
          related: [],
          fixes: replacement(program, fact, event.expr.args.length, start, end, event.end),
        });
      }
    }
  }
  return findings;
}

/** A header beside the kernel's own may define a function or macro of that name (ACPICA has its own strtoul). */
function mayBeTheProjectsOwn(program: Program): boolean {
  const { includes } = program.file.unit;
  if (includes.some((each) => each.system && program.knowledge.libcHeader(each.path) !== undefined)) return false;
  return includes.some((each) => !each.system || !/^(linux|asm|uapi)\//.test(each.path));
}

function spelled(kernel: string): string {
  return /^\w+$/.test(kernel) ? `${kernel}()` : kernel;
}

function replacement(
  program: Program,
  fact: LibcFact,
  args: number,
  start: number,
  end: number,
  callEnd: number,
): Fix[] {
  if (fact.kernel === undefined || !/^\w+$/.test(fact.kernel)) return [];
  const edits = [edit(program, { start, end }, fact.kernel)];
  if (fact.name === "malloc" && fact.kernel === "kmalloc" && args === 1)
    edits.push(edit(program, { start: callEnd - 1, end: callEnd - 1 }, ", GFP_KERNEL"));
  else if (fact.sameArguments !== true) return [];
  return [{ title: `Use ${fact.kernel}()`, edits, preferred: true }];
}
