// kunit/test: tests that run in the kernel, with results in KTAP.
import type { Raw } from "../engine/interfaces.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { kunit_case, kunit as kunit_layout, kunit_suite } from "../kernel/kunit.ts";
import { comparisons, type Define } from "./comparisons.ts";
import { Header } from "./header.ts";

export function kunit(kernel: Kernel): Header {
  const { core, kunit: tests, log } = kernel;
  const header = new Header(core);
  header.layout("kunit", kunit_layout);
  header.layout("kunit_case", kunit_case);
  header.layout("kunit_suite", kunit_suite);

  /** An entry of a table of test cases, under the function's name. At file scope. */
  header.plain("KUNIT_CASE", ["callback"], kunit_case, (run: number) =>
    tests.caseOf(run, core.engine.functionAt(run) ?? "?"),
  );
  /** Runs the suite when the module is live. At file scope. */
  header.plain("kunit_test_suite", [kunit_suite], "void", (suite: number) => tests.register(suite));
  /** Ends the test case without a verdict. In a test case, task context. */
  header.steps("kunit_skip", [kunit_layout, "format"], "void", (test: number, format: number, ...values: Raw[]) =>
    tests.skip(test, log.format(kernel.textAt(format), values)),
  );
  /** Fails the test case, and goes on. In a test case, any context. */
  header.plain("KUNIT_FAIL", [kunit_layout, "format"], "void", (test: number, format: number, ...values: Raw[]) =>
    tests.failWith(test, log.format(kernel.textAt(format), values)),
  );
  /** kunit_info, kunit_warn and kunit_err write to the log under the name of the test case. Any context. */
  for (const [name, level] of [
    ["info", 6],
    ["warn", 4],
    ["err", 3],
  ] as const) {
    header.plain(`kunit_${name}`, [kunit_layout, "format"], "void", (test: number, format: number, ...values: Raw[]) =>
      tests.print(test, log.format(kernel.textAt(format), values), level),
    );
  }
  expectations(header, kernel);
  assertions(header, kernel);
  return header;
}

/** KUNIT_EXPECT_…: the test case goes on. In a test case, any context. */
function expectations(header: Header, kernel: Kernel): void {
  const define: Define = ({ name, types, expect }) =>
    header.plain(
      `KUNIT_EXPECT_${name}`,
      [kunit_layout, ...types],
      "void",
      (test: number, ...rest: Raw[]) => kernel.kunit.expect(test, expect(rest)),
      { stringizes: types.map((_, index) => index + 1) },
    );
  comparisons(kernel, define);
}

/** KUNIT_ASSERT_…: the test case ends. In a test case, task context. */
function assertions(header: Header, kernel: Kernel): void {
  const define: Define = ({ name, types, expect }) =>
    header.steps(
      `KUNIT_ASSERT_${name}`,
      [kunit_layout, ...types],
      "void",
      (test: number, ...rest: Raw[]) => kernel.kunit.assert(test, expect(rest)),
      { stringizes: types.map((_, index) => index + 1) },
    );
  comparisons(kernel, define);
}
