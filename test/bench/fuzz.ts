// Breaks real drivers by whole tokens and checks them: prints what threw, what took longer than 2 s, and the seed to see it again.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkText } from "../../server/features/check.ts";
import { createChecker, root } from "../checker.ts";
import { dice, mutated } from "../syntax/tokens.ts";

const { values } = parseArgs({
  options: {
    tree: { type: "string", default: join(root, ".cache/kernel/linux-source-6.12") },
    files: { type: "string", default: "200" },
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
  },
});
if (!existsSync(values.tree)) throw new Error(`${values.tree}: no kernel tree; npm run kernel fetches it`);

const hangMillis = 2000;
const roll = dice(Number(values.seed));
const all = globSync("{drivers,sound}/**/*.c", { cwd: values.tree }).sort();
const checker = await createChecker();
// The first check pays for what is loaded once.
checkText(
  checker,
  "/drivers/a.c",
  "#include <linux/module.h>\nstatic int a(void)\n{\n\treturn kmalloc(1, 2) == 0;\n}\n",
);
let checked = 0;
let failed = 0;
let slow = 0;
let longest = 0;
for (let n = 0; n < Number(values.files); n++) {
  const path = all[Math.floor(roll() * all.length)]!;
  const text = readFileSync(join(values.tree, path), "utf8");
  for (let round = 0; round < Number(values.rounds); round++) {
    const seed = Math.floor(roll() * 2 ** 31);
    const broken = mutated(text, dice(seed));
    const started = performance.now();
    try {
      checkText(checker, `/drivers/${path}`, broken);
    } catch (error) {
      failed++;
      process.stdout.write(`${path}, seed ${seed}: ${error instanceof Error ? error.stack : error}\n`);
    }
    const millis = performance.now() - started;
    checked++;
    longest = Math.max(longest, millis);
    if (millis < hangMillis) continue;
    slow++;
    process.stdout.write(`${path}, seed ${seed}: ${(millis / 1000).toFixed(1)} s for ${broken.length} characters\n`);
  }
}
process.stdout.write(
  `${checked} broken texts of ${values.files} files: ${failed} threw, ${slow} took longer than ${hangMillis / 1000} s, the longest ${(longest / 1000).toFixed(1)} s\n`,
);
process.exitCode = failed > 0 ? 1 : 0;
