// What a driver declares itself, and which of its lines are there for some kernels only: api-removed is silent about both.
import type { Program } from "../program/program.ts";
import type { Span } from "../text/lines.ts";

export interface Own {
  /** The name is the driver's own at this place, or may be. */
  has(name: string, at: Span): boolean;
  /** The driver declares this struct, union or typedef itself. */
  hasRecord(name: string): boolean;
  /** The place is in an arm of a conditional about something that the file does not say (`#ifdef HAVE_…`). */
  inUndecidedArm(offset: number): boolean;
}

export function ownNames(program: Program): Own {
  const declared = declaredIn(program);
  let arms: readonly Span[] | undefined;
  let complete: boolean | undefined;
  const lazily = new Map<string, boolean>();
  return {
    has(name, at) {
      if (declared.has(name) || isLocal(program, name, at)) return true;
      complete ??= allHeadersRead(program);
      if (!complete) return true;
      const known = lazily.get(name) ?? program.headers.some(({ text }) => new RegExp(`\\b${name}\\b`).test(text));
      lazily.set(name, known);
      return known;
    },
    hasRecord: (name) => program.types.record(name) !== undefined || program.types.typedef(name) !== undefined,
    inUndecidedArm(offset) {
      arms ??= undecidedArms(program.file.text);
      return arms.some((arm) => arm.start <= offset && offset < arm.end);
    },
  };
}

function declaredIn(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { unit } of [program.file, ...program.headers]) {
    const lists = [unit.functions, unit.prototypes, unit.variables, unit.typedefs, unit.enumerators, unit.macros];
    for (const list of lists) for (const { name } of list) names.add(name);
  }
  return names;
}

function isLocal(program: Program, name: string, at: Span): boolean {
  for (const { def } of program.functions.values())
    if (def.start <= at.start && at.end <= def.end) return program.types.isLocal(def, name);
  return false;
}

/** Folders of the kernel's include/ and of its architectures. */
const KERNEL =
  /^(acpi|asm|asm-generic|clocksource|crypto|cxl|drm|dt-bindings|generated|keys|kunit|linux|math-emu|media|memory|misc|net|pcmcia|ras|rdma|rv|scsi|soc|sound|target|trace|uapi|ufs|vdso|video|xen)\//;
/** Headers that supply to an out-of-tree driver what one kernel or another lacks. */
const COMPATIBILITY = /compat|backport/i;

/** False when a header of the project was not found: it may declare any name. */
function allHeadersRead(program: Program): boolean {
  const paths = program.headers.map(({ path }) => path);
  return [program.file, ...program.headers].every(({ unit }) =>
    unit.includes.every(({ path }) => {
      if (KERNEL.test(path) && (!COMPATIBILITY.test(path) || /^\w+\/compat\.h$/.test(path))) return true;
      const tail = `/${path.replace(/^(\.{1,2}\/)+/, "")}`;
      return paths.some((each) => each.endsWith(tail));
    }),
  );
}

const DECIDED =
  /^(defined|CONFIG_\w+|IS_(ENABLED|BUILTIN|MODULE|REACHABLE)|MODULE|LINUX_VERSION_CODE|KERNEL_VERSION|__KERNEL__)$/;

const CONDITIONAL = /[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b((?:[^\n\\]|\\[ \t\r]*\n|\\.)*)/y;

/** Found by their sign: to look at the beginning of every line takes far longer. */
function* directivesIn(text: string): Generator<RegExpExecArray> {
  let done = 0;
  for (let at = text.indexOf("#"); at !== -1; at = text.indexOf("#", Math.max(at + 1, done))) {
    CONDITIONAL.lastIndex = text.lastIndexOf("\n", at) + 1;
    const found = CONDITIONAL.exec(text);
    if (found === null) continue;
    done = found.index + found[0].length;
    yield found;
  }
}

/** Arms whose conditions, or those of the arms before them, ask for more than the configuration and the version. */
function undecidedArms(text: string): readonly Span[] {
  const arms: Span[] = [];
  const open: { start: number; undecided: boolean }[] = [];
  const close = (end: number): void => {
    const arm = open.at(-1);
    if (arm?.undecided) arms.push({ start: arm.start, end });
  };
  for (const found of directivesIn(text)) {
    const condition = found[2]!.replace(/\/\*.*?(\*\/|$)|\/\/.*/gs, " ");
    const names = condition.match(/[A-Za-z_]\w*/g) ?? [];
    const undecided = names.some((name) => !DECIDED.test(name));
    const end = found.index + found[0].length;
    if (found[1]!.startsWith("if")) open.push({ start: end, undecided });
    else {
      close(found.index);
      const before = open.pop();
      if (before !== undefined && found[1] !== "endif")
        open.push({ start: end, undecided: before.undecided || undecided });
    }
  }
  return arms;
}
