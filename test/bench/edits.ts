// Edits real drivers at random, and prints where a check that takes over what it can finds other than a first look.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Checker, checkText, defaultOptions } from "../../server/features/check.ts";
import type { Finding } from "../../server/rules/rule.ts";
import { createChecker } from "../checker.ts";
import { kernelTree } from "../knowledge/kernel-trees.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    /** Paths below drivers/, parted by commas. */
    files: {
      type: "string",
      default: [
        "mmc/host/wbsd.c",
        "gpu/drm/i915/gvt/kvmgt.c",
        "gpu/drm/amd/amdgpu/sdma_v5_0.c",
        "net/ethernet/intel/igb/igb_main.c",
        "net/usb/r8152.c",
        "net/ethernet/sun/niu.c",
      ].join(),
    },
  },
});

const tree = kernelTree("6.12")?.folder;
if (tree === undefined) throw new Error("No sources of Linux 6.12: npm run kernel");
const checker = await createChecker();
const options = { ...defaultOptions, kernel: "6.12", profile: "learner" as const };

/** Remembers nothing of what other checkers have seen. */
const fresh = (): Checker => ({ ...checker, parser: { ...checker.parser }, hurries: true });
// No folder of the tree: reading the module anew for each first look would take most of the time.
const find = (by: Checker, text: string): readonly Finding[] =>
  checkText(by, "/drivers/typed.c", text, options).findings;

const PIECES = [
  ..."\t\n;{}()'\"x",
  ...["/*", "*/", "//", "\\\n", "else ", "__init ", " _", "return 0;", "}\n", "while (1) {\n", "#if 0\n", "#else\n"],
  ...["#endif\n", "#define PIECE 3\n", "#define FOO(x) x\n", "enum { AA, BB } c;\n", "\tgoto out;\n", "\tint ret;\n"],
  ...["if (ret)\n\t\treturn ret;\n", "\treturn -ENOMEM;\n", "\tmsleep(10);\n", "\tkfree(p);\n", "\tfree_irq(1, p);\n"],
  ...["\tspin_lock_irqsave(&l, flags);\n", "\tspin_unlock(&lock);\n", "\tmutex_lock(&m);\n", "\tfloat f = 1.0;\n"],
  ...["\tp = kmalloc(4, GFP_KERNEL);\n", "\tINIT_WORK(&p->work, foo);\n", "static int foo(void)\n{\n\treturn 0;\n}\n"],
];

/** The same numbers for the same seed: a linear congruential generator (Numerical Recipes). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Most people type in functions. */
function place(text: string, roll: (below: number) => number): number {
  const bodies = [...text.matchAll(/^\w.*\)\n\{\n/gm)];
  const body = roll(4) === 0 ? undefined : bodies[roll(bodies.length)];
  if (body === undefined) return roll(text.length);
  const from = body.index + body[0].length;
  return from + roll(Math.max(1, text.indexOf("\n}", from) - from));
}

function edited(text: string, roll: (below: number) => number): string {
  const at = place(text, roll);
  const line = text.indexOf("\n", at) + 1;
  const piece = PIECES[roll(PIECES.length)]!;
  switch (roll(6)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + roll(12));
    case 1:
      return text.slice(0, line) + text.slice(text.indexOf("\n", line) + 1);
    case 2: {
      const [name = ""] = /[A-Za-z_]\w*/.exec(text.slice(at)) ?? [];
      const start = text.indexOf(name, at);
      const other = ["ret", "foo", `${name}x`, "priv", "p"][roll(5)]!;
      return text.slice(0, start) + other + text.slice(start + name.length);
    }
    case 3: {
      const to = roll(text.length);
      return text.slice(0, to) + text.slice(at, at + roll(300)) + text.slice(to);
    }
    case 4:
      return text.slice(0, line) + piece + text.slice(line);
    default:
      return text.slice(0, at) + piece + text.slice(at);
  }
}

let differing = 0;
for (const file of values.files.split(",")) {
  const roll = dice(Number(values.seed));
  const original = readFileSync(join(tree, "drivers", file), "utf8");
  const typist = fresh();
  find(typist, original);
  let text = original;
  let [differ, seen] = [0, 0];
  for (let edit = 0; edit < Number(values.count); edit++) {
    const before = text;
    text = edited(text, roll);
    const [kept, anew] = [find(typist, text), find(fresh(), text)].map((all) =>
      all.map((each) => JSON.stringify(each)),
    );
    seen += anew!.length;
    if (kept!.join("\n") !== anew!.join("\n")) {
      differ++;
      process.stdout.write(`${file}, edit ${edit}: kept and first look differ\n`);
      for (const each of kept!) if (!anew!.includes(each)) process.stdout.write(`  only kept: ${each}\n`);
      for (const each of anew!) if (!kept!.includes(each)) process.stdout.write(`  only anew: ${each}\n`);
    }
    // Broken code piles up and silences everything.
    if (roll(3) !== 0) text = before;
    if (edit % 25 === 24) text = original;
  }
  differing += differ;
  process.stdout.write(
    `${file}: after ${values.count} edits ${seen} findings, ${differ} times not those of a first look\n`,
  );
}
process.exitCode = differing === 0 ? 0 : 1;
