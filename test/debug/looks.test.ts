// Answers for which a long run is gone through once more: other requests are answered meanwhile, and none is wrong for it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Accesses, Moments } from "../../simulator/protocol.ts";
import type { Timeline } from "../../simulator/timeline/protocol.ts";
import { Client } from "./client.ts";

const folder = mkdtempSync(join(tmpdir(), "driverlab-looks-"));
const program = join(folder, "long.ts");
let client: Client;

beforeAll(async () => {
  writeFileSync(
    program,
    `import { MODULE_LICENSE, module_init } from "linux/module";
import { GFP_KERNEL, kfree, kmalloc } from "linux/slab";
import { u8 } from "linux/types";

function long_init(): number {
  const p = kmalloc(u8, GFP_KERNEL)!;
  let n = 0;
  for (let i = 0; i < 150000; i++) n = (n + i) & 0xff;
  kfree(p);
  kfree(p);
  return 0;
}

module_init(long_init);
MODULE_LICENSE("GPL");
`,
  );
  client = await Client.start();
  await client.launch({ program, exitAtEnd: false });
  expect(await client.halt()).toMatchObject({ reason: "exception" });
});

afterAll(async () => {
  await client.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = <T>(request: string, args?: unknown) => client.custom<T>(`driverlab/${request}`, args);

test("what looks at the moment at hand is answered before, and sees that moment", async () => {
  const order: string[] = [];
  const noted = async <T>(name: string, answer: Promise<T>): Promise<T> => {
    const given = await answer;
    order.push(name);
    return given;
  };
  const [timeline, moments, stack, accesses] = await Promise.all([
    noted("timeline", ask<Timeline>("timeline")),
    noted("moments", ask<Moments>("moments")),
    noted("stack", client.stack(1)),
    noted("accesses", ask<Accesses>("accesses", { device: "edu", register: "ID" })),
  ]);
  expect(order).toEqual(["stack", "timeline", "moments", "accesses"]);
  expect(stack[0]).toMatchObject({ name: "long_init", line: 11 });
  expect(timeline.now.clock).toBeGreaterThan(150_000);
  expect(timeline.end).toEqual(timeline.now);
  expect(moments.reports).toMatchObject([{ id: "double-free", related: [{ what: "allocated" }, { what: "freed" }] }]);
  expect(accesses).toEqual({ accesses: [], omitted: 0 });
  expect(await ask<Timeline>("timeline")).toEqual(timeline);
  expect(await ask<Moments>("moments")).toEqual(moments);
});

test("one that the run moves away from is given up", async () => {
  const before = await ask<Moments>("moments");
  const abandoned = expect(ask("moments")).rejects.toThrow("cancelled");
  const alsoAbandoned = expect(ask("accesses", { device: "edu", register: "ID" })).rejects.toThrow("cancelled");
  await client.dap.stepBackRequest({ threadId: 1 });
  await client.halt();
  await Promise.all([abandoned, alsoAbandoned]);
  await client.dap.continueRequest({ threadId: 1 });
  await client.halt();
  expect(await ask<Moments>("moments")).toEqual(before);
});
