// wrong-errno: an error does not get to the caller as a negative errno.
import { eachFunction } from "../analysis/each-function.ts";
import { type WrongErrno, wrongErrnos } from "../analysis/errno.ts";
import { spoken } from "../program/places.ts";
import type { Program } from "../program/program.ts";
import type { Finding, Fix, Related, Rule } from "./rule.ts";
import { edit, related } from "./wording.ts";

export const wrongErrno: Rule = {
  id: "wrong-errno",
  severity: "warning",
  summary: "An error does not get to the caller as a negative errno.",
  check(program, facts) {
    return eachFunction(wrongErrno, program, facts, ({ fn, outcome }, program, facts) =>
      wrongErrnos(program, fn, facts.summaries, outcome).map((each) => finding(program, fn.name, each)),
    );
  },
};

function finding(program: Program, fn: string, wrong: WrongErrno): Finding {
  return {
    rule: "wrong-errno",
    severity: wrong.kind === "minus-one" ? "hint" : "warning",
    message: message(fn, wrong),
    file: program.path,
    function: fn,
    start: wrong.start,
    end: wrong.end,
    related: chain(program, wrong),
    fixes: fixes(program, wrong),
  };
}

function message(fn: string, { kind, subject, call }: WrongErrno): string {
  const callee = call?.callee.kind === "name" ? `${call.callee.name}()` : "a call";
  switch (kind) {
    case "returns-zero":
      return call === undefined
        ? `${fn}() fails here and returns 0, which \`${subject}\` still holds`
        : `${callee} failed, and ${fn}() returns 0 as if it had not`;
    case "dead-error":
      return `\`${subject}\` is set here and never read: ${fn}() returns something else`;
    case "not-an-error":
      return `\`${spoken(subject)}\` is no error pointer here: PTR_ERR() of it is no errno`;
    case "positive":
      return `\`${subject}\` is positive here, and ${fn}() returns negative errnos: callers take it for success`;
    case "type":
      return `${fn}() returns ${subject}, of which a negative errno is no value`;
    case "unsigned":
      return `\`${subject}\` is unsigned and never below 0: the error of ${callee} is not seen`;
    case "minus-one":
      return `-1 is -EPERM: ${callee} failed for want of memory, which is -ENOMEM`;
    case "timeout":
      return `${callee} returns 0 when the time is up, and never less: \`${subject}\` is not below 0`;
    case "bytes":
      return `\`${subject}\` is a number of bytes here, and ${fn}() returns negative errnos: callers take it for success`;
    case "err-ptr-of-0":
      return `\`${subject}\` is 0 here, and ERR_PTR() of it is NULL: ${callee} failed`;
    case "ptr-err-of-null":
      return `\`${spoken(subject)}\` may be NULL here, and PTR_ERR() of it is 0: ${callee} returns either`;
    case "zero-irq":
      return `${callee} returns a negative errno when it fails, never 0`;
  }
}

function chain(program: Program, { call }: WrongErrno): readonly Related[] {
  if (call === undefined || call.callee.kind !== "name") return [];
  return [related(program, call, `${call.callee.name}() called here`)];
}

const TITLES: Partial<Record<WrongErrno["kind"], string>> = {
  "returns-zero": "Return the error",
  "not-an-error": "Return -ENOMEM",
  positive: "Return the negative errno",
  "minus-one": "Return -ENOMEM",
  bytes: "Return -EFAULT",
  "err-ptr-of-0": "Return ERR_PTR(-ENOMEM)",
};

function fixes(program: Program, { kind, instead, start, end }: WrongErrno): readonly Fix[] {
  const title = TITLES[kind];
  if (instead === undefined || title === undefined) return [];
  return [{ title, edits: [edit(program, { start, end }, instead)], preferred: true }];
}
