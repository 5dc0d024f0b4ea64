// Which names in a piece of a driver values are shown for.
import { expect, test } from "vitest";
import { beginningOf, namesInCode } from "../../client/debug/names-in-code.ts";

const code = `const other = 1;
function edu_irq(irq: int, d: Ref<typeof edu_dev>): irqreturn_t {
  const status = readl(d.regs.add(EDU_IRQ_STATUS)); // status of d
  log("status %d", status);
  d.result += 1;
}`.split("\n");

test("the function around a line begins where the code is not indented", () => {
  expect(beginningOf(code, 3)).toBe(1);
  expect(beginningOf(code, 0)).toBe(0);
});

test("names and members are found, and neither calls nor what comments and texts say", () => {
  const onLine = (line: number): string[] => namesInCode(code, line, line).map(({ path }) => path);
  expect(onLine(2)).toEqual(["const", "status", "d.regs", "EDU_IRQ_STATUS"]);
  expect(onLine(3)).toEqual(["status"]);
  expect(namesInCode(code, 1, 4).at(-1)).toEqual({ line: 4, start: 2, end: 10, path: "d.result" });
});
