// The walks over all functions of a file: what cannot have changed is taken from an earlier check.
import type { Func, ParsedFile, Program } from "../program/program.ts";
import { Asked } from "./asked.ts";
import { askedOf, keep, noteWith, sameAsBefore } from "./reuse.ts";
import type { Summary } from "./summary.ts";
import { type Walked, walkFunction } from "./walk-function.ts";

/** Walks the functions of a program, callees first, and takes from earlier walks what cannot have changed. */
export class Walks {
  private readonly program: Program;
  private readonly asked: Asked;
  private readonly files: ReadonlyMap<string, ParsedFile>;

  constructor(program: Program, summaries: ReadonlyMap<string, Summary>) {
    this.program = program;
    this.asked = new Asked(program, summaries);
    noteWith(program, this.asked);
    this.files = new Map([...program.headers, program.file].map((file) => [file.path, file]));
  }

  walk(fn: Func): Walked {
    return keep(this.asked, this.program, fn, WALK, "", () => {
      const { asked } = this;
      const walked = walkFunction(asked.viewProgram(this.files.get(fn.file)!), fn, asked.viewSummaries());
      return { ...walked, summary: sameAsBefore(this.program, fn.name, walked.summary) };
    });
  }

  /** What is worked out of a function once all are walked; `owner` stands for it. */
  look<R>(owner: object, fn: Func, make: (program: Program, summaries: ReadonlyMap<string, Summary>) => R): R {
    const { asked, program } = this;
    if (askedOf(program) === undefined) return make(program, asked.summaries);
    return keep(asked, program, fn, owner, "", () => make(asked.viewProgram(program.file), asked.viewSummaries()));
  }

  /** From here on, what is known of functions may be asked for. */
  done(facts: NonNullable<Asked["facts"]>): void {
    this.asked.facts = facts;
  }
}

const WALK = {};
