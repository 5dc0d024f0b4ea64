// Compiles TypeScript drivers and scenarios to programs of statements that can be stepped.
import type { Problem, Program } from "../engine/interfaces.ts";
import { AMBIENT_NAMES } from "./ambient.ts";
import { writeCall } from "./calls.ts";
import { Output, type Writers } from "./emission.ts";
import { writeExpression, writePattern } from "./expressions.ts";
import { writeClass, writeFunction } from "./functions.ts";
import { type Compiled, DriverImage, type Jumpable } from "./image.ts";
import { JumpPlan } from "./jump-plan.ts";
import { jumpingWriters } from "./jumps.ts";
import { LinkChecks } from "./link-checks.ts";
import { inOrder, readModules, type SourceFile, writeModule } from "./modules.ts";
import { Stage } from "./stage.ts";
import { writeBody, writeStatement } from "./statements.ts";

export type { SourceFile };

const WRITERS: Writers = {
  expression: writeExpression,
  statement: writeStatement,
  body: writeBody,
  call: writeCall,
  fn: writeFunction,
  classOf: writeClass,
  pattern: writePattern,
};

/** The files of one driver or scenario, which may import each other. Problems of the kernel's names come when linked. */
export function compile(files: readonly SourceFile[]): Program {
  const output = new Output();
  const modules = readModules(files, output);
  const order = inOrder(modules, output);
  const written = modules.map((module) => writeModule(module, output, WRITERS));
  const factory = output.problems.length === 0 ? assemble(written, files, output) : undefined;
  const writeAgain = (again: Output, writers = WRITERS): Compiled["factory"] => {
    const written = readModules(files, again).map((module) => writeModule(module, again, writers));
    return assemble(written, files, again);
  };
  let bare: Compiled["factory"];
  const jumpable = new Map<string, Jumpable>();
  const compiled: Compiled = {
    output,
    modules,
    checks: new LinkChecks(modules, output.kernelCalls),
    stage: new Stage(),
    order,
    writers: WRITERS,
    factory,
    // Most programs are only ever run with their scopes.
    get bare() {
      bare ??= factory && writeAgain(new Output(true));
      return bare;
    },
    jumping: (functions) => {
      const key = String([...functions].sort((a, b) => a - b));
      const known = jumpable.get(key);
      if (known !== undefined) return known;
      const plans = new Map([...functions].map((id) => [id, new JumpPlan()]));
      const made = { plans, factory: factory && writeAgain(new Output(false, plans), jumpingWriters(WRITERS)) };
      jumpable.set(key, made);
      return made;
    },
  };
  const program: Program = {
    language: "typescript",
    sites: output.sites,
    problems: sorted(output.problems),
    link: (world) => new DriverImage(program, compiled, world),
  };
  return program;
}

/** Every free name of the text is a parameter: the compiler has refused all others. */
function assemble(written: readonly string[], files: readonly SourceFile[], output: Output): Compiled["factory"] {
  const text = `"use strict";const $C=0;return [\n${written.join(",\n")}\n];`;
  try {
    return new Function("$", "$b", "$G", "$N", "$R", "$x", ...AMBIENT_NAMES, text) as Compiled["factory"];
  } catch (error) {
    output.problems.push({ file: files[0]?.path ?? "", line: 1, column: 1, message: (error as Error).message });
    return undefined;
  }
}

function sorted(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column,
  );
}
