// large-stack: the locals of one function, or of a chain of calls, take more of the small kernel stack than is wise.
import { eachFunction } from "../analysis/each-function.ts";
import type { Facts } from "../analysis/facts.ts";
import { constantOf, stackBytes } from "../analysis/stack.ts";
import { type StackChain, stackChains } from "../analysis/stack-chains.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Rule } from "./rule.ts";
import { related } from "./wording.ts";

/** A frame may take an eighth of the stack (2048 bytes of 16 KB, 1024 of 8 KB); what is half of it, is for all the others. */
const framesOfHalf = 4;

export const largeStack: Rule = {
  id: "large-stack",
  severity: "warning",
  summary: "The local variables of a function, or of a chain of calls, take more of the kernel stack than is wise.",
  check(program, facts, { stackLimitBytes: limit }) {
    const frames = framesOf(program, facts);
    const single = [...frames.values()].flatMap(({ fn, use: { total, largest } }) => {
      if (total <= limit || largest === undefined) return [];
      return [
        {
          ...findingAt(program, fn.name, largest.variable.nameSpan),
          message: `stack frame of ${fn.name}() is at least ${total} bytes, the limit is ${limit}: allocate \`${largest.variable.name}\` (${largest.bytes} bytes) instead`,
          related: [related(program, fn.def.nameSpan, `${fn.name}() declares it`)],
        },
      ];
    });
    const chains = stackChains(frames, limit, limit * framesOfHalf);
    return [...single, ...chains.flatMap((chain) => chainFinding(program, chain, limit * framesOfHalf))];
  },
};

function framesOf(program: Program, facts: Facts) {
  const each = eachFunction(largeStack, program, facts, ({ fn }, program) => [
    { name: fn.name, use: stackBytes(program, fn, constantOf(program)) },
  ]);
  return new Map(each.map(({ name, use }) => [name, { fn: facts.functions.get(name)!.fn, use }]));
}

/** At the largest variable of all, for that is the one to allocate. */
function chainFinding(program: Program, { total, frames }: StackChain, limit: number): Finding[] {
  const owner = frames.reduce((most, each) =>
    (each.use.largest?.bytes ?? 0) > (most.use.largest?.bytes ?? 0) ? each : most,
  );
  const largest = owner.use.largest;
  const [first, last] = [frames[0]!, frames.at(-1)!];
  if (largest === undefined) return [];
  const bytes = (each: StackChain["frames"][number]) => `${each.fn.name}() takes at least ${each.use.total} bytes`;
  return [
    {
      ...findingAt(program, owner.fn.name, largest.variable.nameSpan),
      message: `the calls from ${first.fn.name}() down to ${last.fn.name}() take at least ${total} bytes of stack together, the limit for a chain is ${limit}: allocate \`${largest.variable.name}\` (${largest.bytes} bytes) instead`,
      related: frames.map((each) =>
        related(program, each.call ?? each.fn.def.nameSpan, each.call ? `called here: ${bytes(each)}` : bytes(each)),
      ),
    },
  ];
}

function findingAt(program: Program, name: string, { start, end }: { readonly start: number; readonly end: number }) {
  const { path } = program;
  return { rule: "large-stack", severity: "warning" as const, file: path, function: name, start, end, fixes: [] };
}
