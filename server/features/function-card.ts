// The card of one of the driver's own functions: in which contexts it was seen to run, and whether it may sleep.
import type { FunctionFacts, Reach, SleepSite } from "../analysis/facts.ts";
import type { Program } from "../program/program.ts";

/** More than these make a card that nobody reads. */
const mostReaches = 4;

export function functionCard(program: Program, facts: FunctionFacts): string {
  const line = (offset: number) => program.file.lines.position(offset).line + 1;
  const lines = facts.reaches.slice(0, mostReaches).map((reach) => reachLine(reach, line(reach.entry.start)));
  if (lines.length === 0) lines.push("It was not seen how the kernel reaches it.");
  const asleep = facts.summary.sleeps.find((site) => site.gfpParam === undefined && site.conditions.length === 0);
  if (asleep !== undefined) lines.push(`**May sleep**: ${sleepWords(asleep)} in line ${line(asleep.start)}.`);
  return `**${facts.fn.name}()** in this driver\n\n${lines.map((text) => `- ${text}`).join("\n")}`;
}

function reachLine({ entry, steps, atomic }: Reach, line: number): string {
  const callers = [entry.fn, ...steps.slice(0, -1).map((step) => step.callee)].map((name) => `\`${name}()\``);
  const from = steps.length === 0 ? "" : `, called from ${callers.reverse().join(", from ")}`;
  const role = steps.length === 0 ? entry.role : `\`${entry.fn}()\` is the ${entry.role}`;
  const sleep = atomic ? "; it may not sleep there" : "";
  return `Runs in **${entry.context}** context${from}${sleep} (${role}, line ${line}).`;
}

function sleepWords(site: SleepSite): string {
  const call = site.gfp === undefined ? `\`${site.callee}()\`` : `\`${site.callee}(…, ${site.gfp})\``;
  const through = site.steps.map((step) => `\`${step.callee}()\``).join(", ");
  return through === "" ? call : `${call}, through ${through},`;
}
