// How long it takes to pause drivers that never end, over the protocol: the median and the longest of so many pauses.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "../debug/client.ts";

const PAUSES = 20;
const drivers: Readonly<Record<string, readonly [imports: string, body: string]>> = {
  "a loop that counts": ["", "let n = 0;\n  for (;;) n = (n + 1) & 0xff;"],
  "a loop that prints": ["", 'for (let n = 0; ; n++) pr_info("%d\\n", n);'],
  "a loop that keeps objects": ["", "let list: unknown = null;\n  for (;;) list = { list };"],
  "a loop of long statements": ["", 'const text = "ab".repeat(1 << 20);\n  for (;;) text.replaceAll("a", "cd");'],
  "a loop that allocates": ['import { GFP_KERNEL, kmalloc } from "linux/slab";', "for (;;) kmalloc(64, GFP_KERNEL);"],
};

const folder = mkdtempSync(join(tmpdir(), "driverlab-pause-"));
for (const [name, [imports, body]] of Object.entries(drivers)) {
  const program = join(folder, "endless.ts");
  const lines = [
    'import { MODULE_LICENSE, module_init } from "linux/module";',
    'import { pr_info } from "linux/printk";',
    imports,
    `function endless_init(): number {\n  pr_info("begins\\n");\n  ${body}\n}`,
    'module_init(endless_init);\nMODULE_LICENSE("GPL");\n',
  ];
  writeFileSync(program, lines.join("\n"));
  const begin = async (): Promise<Client> => {
    const begun = await Client.start();
    await begun.launch({ program });
    return begun;
  };
  let client = await begin();
  const millis: number[] = [];
  while (millis.length < PAUSES) {
    await new Promise((done) => setTimeout(done, 100 + 10 * millis.length));
    const began = performance.now();
    await client.dap.pauseRequest({ threadId: 1 });
    await client.halt();
    millis.push(performance.now() - began);
    try {
      await client.dap.continueRequest({ threadId: 1 });
    } catch {
      // Memory had run out, and that has ended the driver.
      millis.pop();
      await client.stop();
      client = await begin();
    }
  }
  await client.stop();
  millis.sort((a, b) => a - b);
  process.stdout.write(
    `${name}: median ${millis[PAUSES >> 1]!.toFixed(0)} ms, longest ${millis.at(-1)!.toFixed(0)} ms\n`,
  );
}
rmSync(folder, { recursive: true, force: true });
